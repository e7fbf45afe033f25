"""Media sosial through HTTP: an owner agrees on the provider's own page, accounts are chosen, and nothing else lets anybody in."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from marketing.db.session import Database
from marketing.demo.simulators import graph, telegram, tiktok, whatsapp
from marketing.demo.simulators.consent import DENY
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.types import Role
from marketing.queue import TaskName
from tests.conftest import copied
from tests.functional.web.letting_in import META, TIKTOK, agreed, connected_meta, left_for
from tests.functional.web.visits import Enter
from tests.support.networks import Networks, decided, led_back, networks_of, state_in
from tests.support.world import World


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite alone: what these tests ask of a database is asked of both engines in test_social_news."""
    with closing(copied(sqlite_template, tmp_path)) as found:
        yield found


@pytest.fixture
def office(world: World) -> Iterator[Networks]:
    with networks_of(world) as found:
        yield found


def test_pages_and_instagram_are_chosen_after_facebook_agreed(
    office: Networks, enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = enter(Role.MARKETER)
    away = left_for(visit, META)
    assert away.startswith(f"{office.graph.url}/v26.0/dialog/oauth?")
    back = visit.get(led_back(away))
    assert (back.status_code, back.headers["location"]) == (303, "/kanal/media-sosial/meta/pilih")
    cookie = back.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/kanal/media-sosial"))
    choice = visit.page("/kanal/media-sosial/meta/pilih")
    assert "Dinas Perindagkop UMKM TTS" in choice
    assert visit.post("/kanal/media-sosial/meta/pilih", {"akun": "facebook_page:77"}).status_code == 422
    assert office.accounts() == {}
    page_only = {"akun": f"facebook_page:{graph.PAGE}"}
    assert visit.act("/kanal/media-sosial/meta/pilih", page_only) == "/kanal/media-sosial?kabar=sosial_tersambung"
    assert set(office.accounts()) == {"facebook_page"}
    assert visit.get("/kanal/media-sosial/meta/pilih").status_code == 422, "the person's own leave is forgotten"
    connected_meta(visit)
    found = office.accounts()
    assert {row.state for row in found.values()} == {AccountState.ACTIVE}
    assert set(found) == {"facebook_page", "instagram"}
    shown = visit.page("/kanal/media-sosial")
    assert "Siar dapat menarik kiriman sendiri." in shown
    written = capsys.readouterr()
    everything = shown + choice + cookie + written.out + written.err + repr(found) + repr(office.world.app)
    assert not [secret for secret in office.secrets() if secret in everything]


@pytest.mark.parametrize(
    ("query", "scopes", "settings"),
    [
        ("", {"user.info.basic", "video.upload"}, {}),
        (
            "?lihat=SELF_ONLY&komentar=ya",
            {"user.info.basic", "video.publish"},
            {"mode": "direct", "privacy": "SELF_ONLY", "comments": True},
        ),
        ("?lihat=SEMUA", {"user.info.basic", "video.upload"}, {}),
    ],
)
def test_a_tiktok_account_is_connected_by_its_owner(
    office: Networks, enter: Enter, query: str, scopes: set[str], settings: dict[str, object]
) -> None:
    visit = enter(Role.OPERATOR)
    assert visit.get(agreed(visit, TIKTOK, query)).headers["location"] == "/kanal/media-sosial?kabar=sosial_tersambung"
    row = office.accounts()["tiktok"]
    assert (row.remote_id, row.name, row.settings) == (tiktok.OPEN_ID, "UMKM TTS", settings)
    (grant,) = [one for token, one in office.tiktok.grants.items() if token != tiktok.TOKEN]
    assert grant.scopes == scopes
    assert visit.act(f"/kanal/media-sosial/{row.id}/uji").endswith("sosial_diuji")
    assert not [secret for secret in office.secrets() if secret in visit.page("/kanal/media-sosial")]


def test_a_state_serves_one_person_one_log_in_one_provider_and_one_time(office: Networks, enter: Enter) -> None:
    visit = enter(Role.OPERATOR)
    back = agreed(visit, TIKTOK)
    state = state_in(back)
    same_person_again = enter(Role.OPERATOR)
    for other in (enter(Role.MARKETER), enter(Role.OPERATOR, "blitar"), same_person_again):
        assert other.get(back).status_code == 422
    assert enter(Role.APPROVER).get(back).status_code == 403
    assert enter(signed_in=False).get(back).headers["location"].startswith("/masuk")
    for forged in (state[:-1] + ("A" if state[-1] != "A" else "B"), f"SELF_ONLY{state[5:]}", "", "9" * 250):
        assert visit.get(back.replace(state, forged)).status_code in (404, 422)
    assert visit.get(back.replace("/tiktok/", "/meta/")).status_code == 422
    assert visit.get(back.replace("/tiktok/", "/telegram/")).status_code == 404
    assert office.tiktok.count("/oauth/token/") == 0, "nothing was asked of TikTok"
    assert visit.get(back).status_code == 303
    again = visit.get(back)
    assert (again.status_code, "sudah dipakai" in again.text) == (422, True)
    assert office.tiktok.count("/oauth/token/") == 1
    late = agreed(visit, TIKTOK)
    office.forward(minutes=31)
    assert visit.get(late).status_code == 422


def test_a_code_of_somebody_else_is_worth_nothing(office: Networks, enter: Enter) -> None:
    """A stranger's code with our own genuine state: TikTok says no, because it was spent, and we keep nothing."""
    visit, stranger = enter(Role.OPERATOR), enter(Role.MARKETER)
    spent = re.search(r"code=([^&]+)", agreed(stranger, TIKTOK))
    assert spent
    office.tiktok.consent.codes.clear()
    mine = re.sub(r"code=[^&]+", f"code={spent[1]}", agreed(visit, TIKTOK))
    answer = visit.get(mine)
    assert (answer.status_code, "Hubungkan ulang" in answer.text) == (422, True)
    assert office.accounts() == {}


@pytest.mark.parametrize("kind", [META, TIKTOK])
def test_whoever_says_no_is_told_so_and_nothing_is_kept(office: Networks, enter: Enter, kind: str) -> None:
    visit = enter(Role.MARKETER)
    denied = led_back(left_for(visit, kind), DENY)
    assert visit.get(denied).headers["location"] == "/kanal/media-sosial?kabar=sosial_ditolak"
    assert visit.get(denied).status_code == 422, "once"
    assert visit.get(f"/kanal/media-sosial/{kind}/kembali").status_code == 422
    assert office.accounts() == {}


def test_a_leave_that_lacks_something_is_refused_by_name(office: Networks, enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    office.graph.consent.withheld.add("pages_manage_posts")
    answer = visit.get(agreed(visit, META))
    assert (answer.status_code, "pages_manage_posts" in answer.text) == (422, True)
    office.tiktok.consent.withheld.add("video.upload")
    answer = visit.get(agreed(visit, TIKTOK))
    assert (answer.status_code, "video.upload" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("kind", "path", "fault"),
    [
        (META, "/oauth/access_token", Fault.SERVER_ERROR),
        (META, "/me/permissions", Fault.DROP_ANSWER),
        (TIKTOK, "/v2/oauth/token/", Fault.STORED_GARBAGE),
        (TIKTOK, "/v2/user/info/", Fault.SERVER_ERROR),
    ],
)
def test_a_provider_that_fails_in_the_middle_leaves_nothing_and_can_be_tried_again(
    office: Networks, enter: Enter, kind: str, path: str, fault: Fault
) -> None:
    visit = enter(Role.MARKETER)
    server = office.graph if kind == META else office.tiktok
    server.break_next(path, fault)
    answer = visit.get(agreed(visit, kind))
    assert answer.status_code == 422
    assert "Belum ada yang tersimpan" in answer.text
    assert office.accounts() == {}
    assert visit.get(agreed(visit, kind)).status_code == 303


def test_nobody_is_led_anywhere_but_to_the_provider_and_back(office: Networks, enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    for choice in ("https://jahat.example", "//jahat.example", "a" * 61, "x%0d%0aLocation:y"):
        assert visit.get(f"/kanal/media-sosial/meta/menuju?pilihan={choice}").status_code == 404
    assert visit.get("/kanal/media-sosial/tiktok/menuju?pilihan=SEMUA").status_code == 422
    away = left_for(visit, TIKTOK)
    assert decided(away).headers["location"].startswith("https://siar.example/kanal/media-sosial/tiktok/kembali?")
    back = agreed(visit, TIKTOK) + "&berikut=https://jahat.example&redirect_uri=https://jahat.example"
    assert visit.get(back).headers["location"] == "/kanal/media-sosial?kabar=sosial_tersambung"


def test_the_keepsake_of_one_log_in_opens_nothing_for_another(office: Networks, enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    visit.get(agreed(visit, META))
    stolen = visit.client.cookies["siar_izin"]
    for thief in (enter(Role.OPERATOR), enter(Role.MARKETER), enter(Role.MARKETER, "blitar")):
        for cookie in (stolen, stolen[:-5] + "AAAA=", "x"):
            thief.client.cookies.set("siar_izin", cookie)
            assert thief.get("/kanal/media-sosial/meta/pilih").status_code == 422
    office.forward(minutes=31)
    assert visit.get("/kanal/media-sosial/meta/pilih").status_code == 422


def test_telegram_is_asked_before_a_bot_is_kept_and_its_token_never_comes_back(office: Networks, enter: Enter) -> None:
    visit, address = enter(Role.MARKETER), "/kanal/media-sosial/telegram/hubungkan"
    given = {"token": telegram.TOKEN, "saluran": "@umkm_tts", "catatan": "", "topik": ""}
    wrong: dict[str, str] = {"token": "123", "saluran": "umkm", "catatan": "x", "topik": "satu"}
    for field, value in wrong.items():
        answer = visit.post(address, {**given, field: value})
        assert (answer.status_code, f'id="{field}-salah"' in answer.text) == (422, True), field
        assert telegram.TOKEN not in answer.text
    other = visit.post(address, {**given, "token": "7218345678:AAHsalahsalahsalahsalah"})
    assert (other.status_code, "Telegram menolak" in other.text) == (422, True)
    assert office.accounts() == {}
    assert visit.act(address, given).endswith("sosial_tersambung")
    row = office.accounts()["telegram"]
    shown = visit.page("/kanal/media-sosial") + visit.page(f"{address}?akun={row.id}")
    assert ("UMKM TTS" in shown, telegram.TOKEN in shown) == (True, False)
    for stranger in (f"{address}?akun=99", f"/kanal/media-sosial/tiktok/hubungkan?akun={row.id}"):
        assert visit.get(stranger).status_code == 404
    assert enter(Role.MARKETER, "blitar").get(f"{address}?akun={row.id}").status_code == 404


def test_a_whatsapp_number_is_asked_about_before_it_is_kept(office: Networks, enter: Enter) -> None:
    visit, address = enter(Role.OPERATOR), "/kanal/media-sosial/whatsapp/hubungkan"
    given = {"token": whatsapp.TOKEN, "nomor": whatsapp.NUMBER, "bisnis": whatsapp.WABA}
    for field, value in {"token": "pendek", "nomor": "+62 812", "bisnis": "x"}.items():
        answer = visit.post(address, {**given, field: value})
        assert (answer.status_code, f'id="{field}-salah"' in answer.text) == (422, True), field
        assert whatsapp.TOKEN not in answer.text
    for field, value in {"token": whatsapp.TOKEN + "x", "bisnis": "111111111", "nomor": "222222222"}.items():
        answer = visit.post(address, {**given, field: value})
        assert (answer.status_code, "Nomor WhatsApp menolak" in answer.text) == (422, True), field
    assert office.accounts() == {}
    office.world.tasks.asked.clear()
    assert visit.act(address, given).endswith("sosial_tersambung")
    assert office.world.tasks.asked == [(TaskName.WHATSAPP_TEMPLATES, {"tenant_id": "tts"})]
    row = office.accounts()["whatsapp_cloud"]
    assert visit.act(f"/kanal/media-sosial/{row.id}/uji").endswith("sosial_diuji")
    shown = visit.page("/kanal/media-sosial") + visit.page(f"{address}?akun={row.id}")
    assert (whatsapp.WABA in shown, whatsapp.TOKEN in shown) == (True, False)


def test_what_may_be_done_depends_on_the_role_and_the_daerah(office: Networks, enter: Enter) -> None:
    operator, marketer, neighbour = enter(Role.OPERATOR), enter(Role.MARKETER), enter(Role.OPERATOR, "blitar")
    operator.get(agreed(operator, TIKTOK))
    account = f"/kanal/media-sosial/{office.accounts()['tiktok'].id}"
    for act in ("uji", "jeda", "lanjutkan", "lepas"):
        assert neighbour.post(f"{account}/{act}").status_code == 404
        assert enter(Role.APPROVER).post(f"{account}/{act}").status_code == 403
        assert operator.client.post(f"{account}/{act}", data={"csrf": "salah"}).status_code == 403
        if act != "uji":
            assert marketer.post(f"{account}/{act}").status_code == 403
    assert "UMKM TTS" not in neighbour.page("/kanal/media-sosial")
    assert "Hubungkan" not in re.sub(r"<title>.*?</title>", "", enter(Role.APPROVER).page("/kanal/media-sosial"))
    assert operator.act(f"{account}/jeda").endswith("sosial_dijeda")
    assert "Dijeda oleh petugas." in operator.page("/kanal/media-sosial")
    assert operator.act(f"{account}/lanjutkan").endswith("dilanjutkan")
    assert operator.act(f"{account}/lepas").endswith("sosial_dilepas")
    assert office.accounts()["tiktok"].sealed_credentials == ""
    done = [action for action in office.world.audited() if action.startswith("channel.")]
    assert done == ["channel.connect", "channel.pause", "channel.resume", "channel.remove"]
