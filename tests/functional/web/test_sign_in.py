"""Signing in, and the proof that every form came from our own page."""

import pytest

from marketing.domain.types import Role
from tests.functional.web.visits import Enter, sign_in
from tests.support.world import World, add_product, promotion


def test_signing_in_leads_to_the_page_that_was_wanted(enter: Enter) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    wanted = visit.get("/katalog")
    assert (wanted.status_code, wanted.headers["location"]) == (303, "/masuk?berikut=/katalog")
    answer = sign_in(visit, "pemasar@tts.example")
    assert answer.headers["location"] == "/beranda"
    assert visit.get("/").headers["location"] == "/beranda"


def test_a_wrong_password_does_not_say_what_was_wrong(enter: Enter) -> None:
    enter(Role.MARKETER)
    known, unknown = enter(signed_in=False), enter(signed_in=False)
    answers = [sign_in(known, "pemasar@tts.example", "salah salah salah"), sign_in(unknown, "siapa@x.example")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("tidak cocok" in answer.text for answer in answers)


def test_signing_out_ends_the_session_everywhere(enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    secret = visit.client.cookies["siar_masuk"]
    assert visit.act("/keluar") == "/masuk"
    visit.client.cookies.set("siar_masuk", secret)
    assert visit.get("/beranda").status_code == 303


def test_a_session_ends_by_itself(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    world.clock.forward(hours=13)
    assert visit.get("/beranda").status_code == 303


@pytest.mark.parametrize("given", ["", "0" * 64, "bukan-hex"])
def test_a_form_without_our_token_changes_nothing(enter: Enter, world: World, given: str) -> None:
    visit = enter(Role.MARKETER)
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=2)
    answer = visit.client.post(f"/kampanye/{campaign}/jeda", data={"csrf": given})
    assert answer.status_code == 403
    assert world.campaign(campaign).state == "scheduled"


def test_the_token_of_another_session_does_not_fit(enter: Enter, world: World) -> None:
    mine, theirs = enter(Role.MARKETER), enter(Role.MARKETER)
    campaign = world.approved(promotion(add_product(world.app, 1)), hours=2)
    answer = mine.client.post(f"/kampanye/{campaign}/jeda", data={"csrf": theirs.csrf})
    assert answer.status_code == 403
    assert world.campaign(campaign).state == "scheduled"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "/\t/jahat.example",
        "javascript:alert(1)",
        "\\\\jahat.example",
        "http:jahat.example",
    ],
)
def test_no_address_leads_away_from_us(enter: Enter, wanted: str) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    page = visit.client.get("/masuk", params={"berikut": wanted})
    assert "jahat.example" not in page.text
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = visit.client.post(
        "/masuk",
        data={"csrf": token, "email": "pemasar@tts.example", "sandi": "kata sandi panjang", "berikut": wanted},
    )
    assert answer.headers["location"] == "/beranda"
    answer = visit.post("/bahasa", {"bahasa": "en", "kembali": wanted})
    assert answer.headers["location"] == "/"


def test_the_language_is_kept(enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    assert visit.act("/bahasa", {"bahasa": "en", "kembali": "/katalog?tab=siap"}) == "/katalog?tab=siap"
    assert '<html lang="en"' in visit.page("/katalog")


def test_the_session_travels_by_https_only_and_no_script_can_read_it(enter: Enter) -> None:
    enter(Role.MARKETER)
    answer = sign_in(enter(signed_in=False), "pemasar@tts.example")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "secure", "samesite=lax"} <= {part.strip() for part in cookie.split(";")}
