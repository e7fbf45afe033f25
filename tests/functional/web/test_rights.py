"""Which roles reach which private address: every one of them, each with every role; an address without an entry fails.

Rows are asked for that nobody has, so whoever may act is told that there is none (404), or what is missing; whoever may
not is told so first (403). What the state of a row forbids is tested where it belongs.
"""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from marketing.domain.types import Role
from tests.functional.web.visits import Enter
from tests.repo.test_routes import PUBLIC, flat
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what no engine changes
M, A, V, C, H, OP = (
    Role.MARKETER,
    Role.APPROVER,
    Role.MANAGING_TEAM,
    Role.COMPANION,
    Role.HEAD,
    Role.OPERATOR,
)
NOBODY: Final = 4711
RIGHTS: Final[Mapping[tuple[Role, ...], tuple[str, ...]]] = {
    (M, A, V, C, H, OP): (
        "GET /beranda",
        "GET /kampanye",
        "GET /kampanye/{campaign_id}",
        "GET /kampanye/{campaign_id}/neraca",
        "GET /kampanye/{campaign_id}/pratinjau.html",
        "GET /kanal",
        "GET /kanal/akun/{account_id}",
        "GET /kanal/media-sosial",
        "GET /kanal/media-sosial/whatsapp-templat",
        "GET /katalog",
        "GET /katalog/penarikan",
        "GET /katalog/penarikan.csv",
        "GET /katalog/pendampingan",
        "GET /katalog/pendampingan.csv",
        "GET /katalog/produk/{product_id}",
        "GET /kontak",
        "POST /kontak/cari",
        "GET /kontak/daftar-henti",
        "POST /kontak/daftar-henti/cari",
        "GET /kontak/{contact_id:int}",
        "GET /kotak-keluar",
        "GET /kotak-keluar/kiriman",
        "GET /kotak-keluar/kiriman/{post_id}",
        "GET /kotak-keluar/pos/{marker}",
        "GET /tugas",
        "GET /tugas/{task_id}",
        "GET /tugas/{task_id}/kode.svg",
        "GET /surel/templat",
        "GET /surel/templat/{kind}/{variant}",
        "GET /surel/templat/{kind}/{variant}/beda",
        "GET /surel/templat/{kind}/{variant}/{number}/pratinjau.html",
    ),
    (M, A, V, C): (
        "GET /kotak-keluar/pesanan",
        "POST /kotak-keluar/pesanan/{alert_id}/dikabari",
        "POST /tugas/{task_id}/ambil",
        "GET /tugas/{task_id}/bukti.jpg",
        "POST /tugas/{task_id}/dibagikan",
        "POST /tugas/{task_id}/dihapus",
    ),
    (M, A, V): ("POST /kotak-keluar/pesanan/{alert_id}/lepaskan",),
    (M, V, OP): (
        "POST /katalog/sinkron",
        "GET /katalog/sumber",
        "POST /katalog/sumber/coba",
        "GET /katalog/sumber/pengambilan/{run_id}",
        "GET /katalog/sumber/pengambilan/{run_id}.csv",
        "POST /katalog/sumber/tarik",
        "POST /kontak/daftar-henti",
        "GET /kontak/pelanggaran",
        "GET /kontak/permintaan",
        "GET /kontak/permintaan/{request_id}",
        "POST /kontak/unduh.csv",
        "POST /kontak/{contact_id:int}/cabut",
        "GET /kontak/{contact_id:int}/tanda-terima.json",
    ),
    (M, A): (
        "POST /kampanye/{campaign_id}/ajukan",
        "POST /kampanye/{campaign_id}/batalkan",
        "POST /kampanye/{campaign_id}/giliran",
        "POST /kampanye/{campaign_id}/jadwalkan",
        "POST /kampanye/{campaign_id}/jeda",
        "POST /kampanye/{campaign_id}/kembalikan",
        "POST /kampanye/{campaign_id}/lanjutkan",
        "POST /kampanye/{campaign_id}/pasang-edisi",
        "POST /kampanye/{campaign_id}/setujui",
        "POST /kampanye/{campaign_id}/tarik-edisi",
        "GET /kampanye/{campaign_id}/terlewat",
        "POST /kampanye/{campaign_id}/terlewat/kirim",
        "POST /kampanye/{campaign_id}/terlewat/pastikan",
        "POST /kampanye/{campaign_id}/uji",
        "GET /kontak/segmen",
        "GET /kotak-keluar/kesehatan",
        "POST /tugas/{task_id}/hasil",
        "GET /kotak-keluar/surat",
        "POST /kotak-keluar/surat/cari",
        "GET /kotak-keluar/surat/{message_id}",
        "GET /kotak-keluar/surat/{message_id}/isi.html",
    ),
    (M, A, OP): ("GET /beranda/pemulihan",),
    (A, OP): ("POST /beranda/pemulihan",),
    (M, OP): (
        "POST /kanal/akun/{account_id}/coba-lagi",
        "POST /kanal/akun/{account_id}/otomatis",
        "POST /kanal/akun/{account_id}/pilihan",
        "POST /kanal/akun/{account_id}/uji",
        "POST /kanal/iklan/{listing_id}/dihapus",
        "GET /kanal/media-sosial/meta/pilih",
        "POST /kanal/media-sosial/meta/pilih",
        "POST /kanal/media-sosial/telegram/hubungkan",
        "POST /kanal/media-sosial/whatsapp/hubungkan",
        "POST /kanal/media-sosial/whatsapp-templat",
        "POST /kanal/media-sosial/whatsapp-templat/ambil",
        "POST /kanal/media-sosial/whatsapp-templat/{template_id}/hapus",
        "GET /kanal/media-sosial/{kind}/hubungkan",
        "GET /kanal/media-sosial/{kind}/kembali",
        "GET /kanal/media-sosial/{kind}/menuju",
        "POST /kanal/media-sosial/{account_id}/uji",
        "GET /tugas/petugas",
        "POST /tugas/petugas",
        "POST /tugas/petugas/{account_id}",
        "GET /kanal/{slug}/kembali",
        "GET /kanal/{slug}/menuju",
        "GET /kanal/{slug}/sambungkan",
    ),
    (M, V): (
        "GET /katalog/lokapasar",
        "GET /katalog/lokapasar/{name}.xlsx",
        "GET /kontak/impor",
        "POST /kontak/impor",
        "GET /kontak/impor/{job_id}",
        "POST /kontak/impor/{job_id}/batal",
        "GET /kontak/impor/{job_id}/galat.csv",
        "POST /kontak/impor/{job_id}/lanjut",
        "POST /kontak/impor/{job_id}/mulai",
    ),
    (V, OP): (
        "GET /kanal/kunci",
        "POST /kanal/kunci",
        "POST /kanal/kunci/{prefix}/cabut",
        "GET /kanal/mesin",
        "GET /katalog/sumber/isi",
        "POST /katalog/sumber/lupakan",
        "POST /katalog/sumber/simpan",
        "POST /kontak/daftar-henti/{suppression_id:int}/buka",
        "POST /kontak/pelanggaran",
        "POST /kontak/permintaan",
        "POST /kontak/permintaan/{request_id}/mulai",
        "POST /kontak/permintaan/{request_id}/perbaiki",
        "POST /kontak/permintaan/{request_id}/salinan",
        "POST /kontak/permintaan/{request_id}/selesai",
        "POST /kontak/permintaan/{request_id}/tolak",
        "POST /kontak/{contact_id:int}/batasi",
        "POST /kontak/{contact_id:int}/buka",
        "GET /kontak/{contact_id:int}/gabung",
        "POST /kontak/{contact_id:int}/gabung",
    ),
    (A,): ("POST /kotak-keluar/kesehatan/{breaker_id}/buka",),
    (M,): (
        "GET /kampanye/penerima",
        "GET /kampanye/susun",
        "POST /kampanye/susun",
        "GET /kampanye/{campaign_id}/susun",
        "POST /kampanye/{campaign_id}/susun",
        "GET /kontak/segmen/susun",
        "POST /kontak/segmen/susun",
        "GET /kontak/segmen/{segment_id}",
        "POST /kontak/segmen/{segment_id}",
        "POST /kontak/segmen/{segment_id}/hapus",
    ),
    (OP,): (
        "POST /kanal/media-sosial/{account_id}/jeda",
        "POST /kanal/media-sosial/{account_id}/lanjutkan",
        "POST /kanal/media-sosial/{account_id}/lepas",
        "POST /kanal/akun/{account_id}/jeda",
        "POST /kanal/akun/{account_id}/lanjutkan",
        "POST /kanal/akun/{account_id}/lepas",
        "POST /kanal/surel/{account_id}/jeda",
        "POST /kanal/surel/{account_id}/lanjutkan",
        "POST /kanal/surel/{account_id}/uji",
        "POST /surel/templat/{kind}/{variant}",
        "POST /surel/templat/{kind}/{variant}/pratinjau.html",
        "POST /surel/templat/{kind}/{variant}/pulihkan",
    ),
}


def test_every_private_address_lets_in_exactly_the_roles_that_it_is_for(enter: Enter, world: World) -> None:
    visits = {role: enter(role) for role in (*Role, None)}
    app = visits[None].client.app
    private = {f"{method} {route.path}" for route in flat(app.routes) for method in route.methods} - PUBLIC  # type: ignore[attr-defined]
    allowed = {name: roles for roles, names in RIGHTS.items() for name in names}
    assert set(allowed) == private, "give every private address its roles in RIGHTS"
    assert len(allowed) == sum(map(len, RIGHTS.values())), "an address stands there twice"
    wrong: list[str] = []
    for name, roles in allowed.items():
        method, path = name.split(" ")
        address = re.sub(r"\{\w+(?::\w+)?\}", str(NOBODY), path)
        for role, visit in visits.items():
            with visit.client.stream(
                method, address, data={"csrf": visit.csrf} if method == "POST" else None
            ) as answer:
                status = answer.status_code
            if (status not in (403, 429)) is not (role in roles) or status >= 500:
                wrong.append(f"{name}: {role or 'nobody'} was answered {status}")
    assert wrong == []
