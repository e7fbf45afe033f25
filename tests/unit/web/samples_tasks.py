"""Sample views of tasks: each kind, waiting, done, needless, for who may and who may not."""

from dataclasses import replace
from typing import Any

from marketing.web.views import tasks as t
from marketing.web.views.parts import Option
from tests.unit.web.samples_campaign import TEXT, post
from tests.unit.web.samples_shell import IMG, SHELL, Sample, nav
from tests.unit.web.samples_sources import ROW as WITHDRAWN

ROW = t.TaskRow(
    3,
    "Bagikan ke grup “Warga SoE”",
    "Tenun",
    "whatsapp",
    "awaiting_human",
    "sejak 23 November 2026 09.00 WITA",
    "Maria",
)
KIT = t.ShareKit(
    "Warga SoE",
    TEXT,
    IMG + "tenun.svg",
    "tenun.svg",
    "https://wa.me/?text=Tenun",
    code_note="Kode ini membuka WhatsApp di ponsel Anda dengan teksnya.",
)
SHARE = t.TaskView(
    3,
    "share",
    "whatsapp",
    "Bagikan ke grup “Warga SoE”",
    "awaiting_human",
    "sejak 23 November 2026 09.00 WITA",
    "untuk Anda",
    7,
    post("whatsapp", account="Warga SoE"),
    waits=True,
    can_act=True,
    mine=True,
    kit=KIT,
    most_mb=10,
    campaign="Tenun Amanuban untuk hari raya",
    campaign_href="/kampanye/1",
)
CHECK = replace(
    SHARE,
    kind="check",
    channel="facebook",
    title="Periksa kiriman di Facebook",
    preview=post("facebook"),
    kit=None,
    account="Dinas TTS",
    account_href="https://www.facebook.com/1029",
    sent="23 November 2026 09.00 WITA",
)
PEOPLE = t.TaskPeopleView(
    (t.AccountPerson(1, "Warga SoE", "whatsapp", (Option("", "Siapa saja"), Option("2", "Maria", selected=True))),),
    (Option("", "Siapa saja"), Option("2", "Maria")),
)


def sample(view: object, template: str = "tugas_satu.html") -> Sample:
    return Sample(template, view, SHELL, nav("tasks"))


DONE = replace(SHARE, waits=False, can_act=False, state="done", done_note="Dibagikan oleh Maria, tadi.", kit=None)
WRONG: dict[str, Any] = {"error": "Gambar ini tidak dapat dipakai.", "wrong_field": "bukti"}
TIKTOK = replace(KIT, steps=("Buka aplikasi TikTok.", "Ketuk Posting."), wants_link=True, open_href="", code_note="")
PAGES = {
    "tugas": sample(
        t.TasksView((ROW,), (replace(ROW, state="overdue"),), (replace(ROW, state="done"),), names_people=True),
        "tugas.html",
    ),
    "tugas-kosong": sample(t.TasksView((), (), ()), "tugas.html"),
    "tugas-wa": sample(SHARE),
    "tugas-wa-rekan": sample(replace(SHARE, mine=False, can_take=True, whose="untuk Maria", state="overdue")),
    "tugas-wa-salah": sample(replace(SHARE, **WRONG)),
    "tugas-wa-lihat": sample(replace(SHARE, can_act=False, kit=None)),
    "tugas-selesai": sample(replace(DONE, proof=True, permalink="https://tiktok.example/1")),
    "tugas-tidak-perlu": sample(replace(DONE, state="needless", done_note="")),
    "tugas-tiktok": sample(replace(SHARE, channel="tiktok", title="Selesaikan", preview=post("tiktok"), kit=TIKTOK)),
    "tugas-periksa": sample(CHECK),
    "tugas-periksa-lihat": sample(replace(CHECK, can_act=False, account="", account_href="", sent="")),
    "tugas-periksa-salah": sample(replace(CHECK, error="Tautannya salah.", wrong_field="tautan", given_link="x")),
    "tugas-hapus": sample(replace(SHARE, kind="remove", kit=None, withdrawn=(WITHDRAWN,), account="Warga SoE")),
    "tugas-petugas": sample(PEOPLE, "tugas_petugas.html"),
    "tugas-petugas-salah": sample(t.TaskPeopleView((), PEOPLE.people, "Tulis nama grup.", "x"), "tugas_petugas.html"),
}
