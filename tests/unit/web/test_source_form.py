"""What may be entered as a source: public addresses only, a mapping that fits, and no secret that wanders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.errors import InvalidInputError
from marketing.web.building.words import length_text
from marketing.web.source_form import Reach, Typed, check_address, trusted_hosts, wanted

PUBLIC = "https://93.184.215.14/api"
REACH = Reach(region_code="53.02")
TYPED = Typed("toko", "contract", PUBLIC, "rahasia", "", "")


def fault(typed: Typed, kept: SourceSpec | None = None, reach: Reach = REACH) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        wanted(typed, kept, frozenset({"katalog"}), reach)
    return caught.value.field, str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/", "http://localhost/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://0.0.0.0/", "http://10.1.2.3/", "http://192.168.0.1/",
        "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/", "https://127.0.0.1:6379/", "HTTP://127.0.0.1/", "http://127.0.0.1./", "http://ada:rahasia@93.184.215.14/",
        "file:///etc/passwd", "/etc/passwd", "../data", "C:\\katalog.xlsx", "sqlite:////data/siar.sqlite3", "postgresql://ada:x@db/siar",
        "ftp://93.184.215.14/", "gopher://127.0.0.1/", "javascript:alert(1)", "http://", "https:///jalan", "//127.0.0.1/", "http://[", "",
        "http://127.0.0.1\t/", "http://93.184.215.14\n.dalam/", "http://" + "a" * 3_000,
        "http://①②⑦.⓪.⓪.①/",
    ],
)  # fmt: skip
def test_no_address_leads_into_the_machine_or_its_network(address: str) -> None:
    assert fault(replace(TYPED, address=address))[0] == "alamat"


@pytest.mark.parametrize(
    "found", [[], ["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["93.184.215.14", "fd00::1"], ["bukan alamat"]]
)
def test_every_address_of_a_name_must_be_public(found: Sequence[str]) -> None:
    reach = replace(REACH, resolve=lambda _host, _port: found)
    assert fault(replace(TYPED, address="https://katalog.example/"), reach=reach)[0] == "alamat"


def test_a_name_that_nobody_knows_is_told() -> None:
    def nobody(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    said = fault(replace(TYPED, address="https://katalog.example/"), reach=replace(REACH, resolve=nobody))
    assert said == ("alamat", "Nama server tidak ditemukan. Periksa alamatnya.")


@given(
    st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="127.0.0.0/8") | st.ip_addresses(network="fc00::/7")
)
def test_no_private_address_passes_in_any_notation(ip: object) -> None:
    text = str(ip)
    hosts = [f"[{text}]"] if ":" in text else [text, str(int(ip)), hex(int(ip)), f"[::ffff:{text}]"]
    for host in hosts:
        with pytest.raises(InvalidInputError):
            check_address(f"http://{host}/", REACH)


@pytest.mark.parametrize(
    ("field", "value", "where", "said"),
    [
        ("name", "", "nama", "huruf kecil"),
        ("name", "../x", "nama", "huruf kecil"),
        ("name", "-x", "nama", "huruf kecil"),
        ("name", "katalog", "nama", "sudah dipakai"),
        ("name", "a" * 41, "nama", "huruf kecil"),
        ("format", "sql", "bentuk", "Pilih bentuk"),
        ("format", "spreadsheet", "bentuk", "Pilih bentuk"),
        ("format", "apa", "bentuk", "Pilih bentuk"),
        ("mapping", '{"unit": "buah"', "pemetaan", "baris 1, kolom 16"),
        ("mapping", "[1]", "pemetaan", "satu objek JSON"),
        ("mapping", '{"a": NaN}', "pemetaan", "tidak dapat disimpan"),
        ("mapping", '{"a": "\\ud800"}', "pemetaan", "tidak dapat disimpan"),
        ("mapping", '{"a": "\\u0000"}', "pemetaan", "tidak dapat disimpan"),
        ("mapping", "[" * 15_000, "pemetaan", "tidak dapat disimpan"),
        ("mapping", f'{{"a": {"9" * 5_000}}}', "pemetaan", "tidak dapat disimpan"),
        ("mapping", "x" * 20_001, "pemetaan", "lebih panjang"),
        ("minutes", "4", "menit", "Isi 5"),
        ("minutes", "-5", "menit", "Isi 5"),
        ("minutes", "10081", "menit", "Isi 5"),
        ("minutes", "٣٠", "menit", "Isi 5"),
        ("minutes", "9" * 400, "menit", "Isi 5"),
        ("token", "x" * 5_000, "token", "terlalu panjang"),
    ],
)
def test_each_wrong_field_is_named(field: str, value: str, where: str, said: str) -> None:
    found, text = fault(replace(TYPED, **{field: value}))  # type: ignore[arg-type]
    assert found == where
    assert said in text


def test_a_format_says_what_it_lacks_before_anything_is_fetched() -> None:
    assert "ck_…:cs_…" in fault(replace(TYPED, format="woocommerce", token="tanpa-titik-dua"))[1]
    assert "“apa”" in fault(replace(TYPED, format="merchant_feed", mapping='{"apa": 1}'))[1]
    spec = wanted(
        replace(TYPED, format="woocommerce", token="ck_1:cs_1", mapping='{"unit": "buah"}', minutes="15"),
        None,
        frozenset(),
        REACH,
    )
    assert (spec.format, spec.mapping, spec.minutes) == (SourceFormat.WOOCOMMERCE, {"unit": "buah"}, 15)


def test_only_the_server_of_the_settings_is_trusted_and_all_others_stay_outside() -> None:
    reach = replace(REACH, trusted=trusted_hosts("http://127.0.0.1:9999/tts"))
    assert not wanted(replace(TYPED, address="http://127.0.0.1:9999/dua"), None, frozenset(), reach).outside_only
    assert wanted(TYPED, None, frozenset(), reach).outside_only
    assert fault(replace(TYPED, address="http://127.0.0.1:9998/dua"), reach=reach)[0] == "alamat"
    for path in ("/data/katalog", "", None):
        assert trusted_hosts(path) == frozenset()


@pytest.mark.parametrize(
    ("address", "token"),
    [
        (PUBLIC, "lama"),
        ("https://93.184.215.14/lain", "lama"),
        ("https://93.184.215.14:8443/api", ""),
        ("http://93.184.215.14/api", ""),
        ("https://93.184.215.15/api", ""),
    ],
)
def test_a_kept_token_never_follows_to_another_server(address: str, token: str) -> None:
    kept = SourceSpec("toko", SourceFormat.CONTRACT, f"{PUBLIC}?kunci=1", "lama")
    spec = wanted(replace(TYPED, address=address, token=""), kept, frozenset({"toko"}), REACH)
    assert spec.token == token
    assert spec.location == (f"{PUBLIC}?kunci=1" if address == PUBLIC else address), (
        "an untouched address keeps its query"
    )
    assert wanted(replace(TYPED, address=address, token="baru"), kept, frozenset(), REACH).token == "baru"


def test_an_inner_address_of_the_operator_may_stay_but_not_move_or_change_its_format() -> None:
    kept = SourceSpec("toko", SourceFormat.CONTRACT, "http://10.0.0.5/api", "lama")
    same = replace(TYPED, address="http://10.0.0.5/api", token="", minutes="30")
    assert wanted(same, kept, frozenset(), REACH) == replace(kept, minutes=30)
    assert fault(replace(same, address="http://10.0.0.5/lain"), kept)[0] == "alamat"
    assert fault(replace(same, format="merchant_feed"), kept)[0] == "alamat"


@pytest.mark.parametrize("location", ["/data/produk.xlsx", "sqlite:////data/kasir.db", "postgresql://a:b@db/x"])
def test_only_the_hours_of_a_file_or_database_can_be_changed(location: str) -> None:
    kept = SourceSpec("gudang", SourceFormat.SQL, location, "t", {"products": "SELECT 1"}, 60)
    changed = wanted(replace(TYPED, mapping='{"products": "SELECT 2"}', minutes=""), kept, frozenset(), REACH)
    assert changed == replace(kept, minutes=None)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 detik"), (-3, "0 detik"), (59.6, "1 menit"), (185, "3 menit 5 detik"), (3_605, "1 jam"), (187_200, "2 hari 4 jam")],
)  # fmt: skip
def test_lengths_of_time_are_said_in_their_two_largest_units(seconds: float, said: str) -> None:
    assert length_text(timedelta(seconds=seconds)) == said
