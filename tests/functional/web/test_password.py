"""A forgotten password: nobody learns who has an account, and a link works once, for half an hour, for its own person."""

import re

import pytest

from marketing.accounts.sign_in_mail import MOST_ATTEMPTS, SignInMail
from marketing.channels.base import Deferred, SendOutcome
from marketing.db.models import User
from marketing.domain.content import OutboundEmail
from marketing.domain.types import Role
from marketing.queue import TaskName
from tests.functional.web.visits import Answer, Enter, Visit, sign_in
from tests.support.world import World

NEW = "empat kuda terbang rendah"
EMAIL = "pemasar@tts.example"


def form_token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def ask(visit: Visit, email: str = EMAIL) -> Answer:
    token = form_token(visit.page("/masuk/lupa"))
    return visit.client.post("/masuk/lupa", data={"csrf": token, "email": email})


def send(world: World) -> list[OutboundEmail]:
    """Do what the worker would with every mail asked for, and return what went out."""
    start = len(world.outbox.sent)
    for task, ids in [one for one in world.tasks.asked if one[0] is TaskName.SIGN_IN_MAIL]:
        world.tasks.asked.remove((task, ids))
        world.app.sign_in_mails.send(
            int(ids["user_id"]), SignInMail(str(ids["kind"])), until=int(ids["until"]), language=str(ids["language"]), attempt=int(ids["attempt"])
        )  # fmt: skip
    return world.outbox.sent[start:]


def link(world: World) -> str:
    (email,) = send(world)
    found = re.search(r"https://siar\.example(/g/\S+)", email.text)
    assert found
    return found[1]


def set_password(visit: Visit, path: str, password: str = NEW, again: str | None = None) -> Answer:
    token = form_token(visit.page(path))
    return visit.client.post(path, data={"csrf": token, "sandi": password, "ulangi": again or password})


def test_the_link_of_the_mail_sets_a_password_once_and_ends_every_log_in(enter: Enter, world: World) -> None:
    elsewhere = enter(Role.MARKETER)
    visit = enter(signed_in=False)
    assert ask(visit).status_code == 200
    path = link(world)
    mail = world.outbox.sent[-1]
    assert (mail.recipient_address, mail.subject) == (EMAIL, "Ganti kata sandi Siar")
    assert "22 November 2026 09.30 WITA" in mail.text, "until when it holds, on the office's clock"
    done = set_password(visit, path)
    assert "Kata sandi tersimpan" in done.text
    assert elsewhere.get("/beranda").status_code == 303
    assert sign_in(enter(signed_in=False), EMAIL).status_code == 422
    assert sign_in(enter(signed_in=False), EMAIL, NEW).status_code == 303
    assert visit.get(path).status_code == 404
    token = form_token(visit.page("/masuk/lupa"))
    again = visit.client.post(
        path, data={"csrf": token, "sandi": "lain lagi lain lagi", "ulangi": "lain lagi lain lagi"}
    )
    assert again.status_code == 404
    assert [one for one in world.audited() if one.startswith("password")] == ["password.link", "password.set"]
    subjects = [email.subject for email in send(world)]
    assert "Kata sandi Siar Anda sudah diganti" in subjects


def test_nobody_learns_who_has_an_account(enter: Enter, world: World) -> None:
    enter(Role.MARKETER)
    pages, asked = [], []
    for email in (EMAIL, "siapa@tidak.example", "", "bukan alamat", "x" * 5_000, "a@b\r\nBcc: c@d.example"):
        start = len(world.tasks.asked)
        answer = ask(enter(signed_in=False), email)
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
        asked.append([(task, sorted(ids)) for task, ids in world.tasks.asked[start:]])
    assert len(set(pages)) == 1
    assert all(one == asked[0] for one in asked), "the same task for every address"
    assert [email.recipient_address for email in send(world)] == [EMAIL]


def test_three_mails_an_hour_to_one_address_and_the_answer_stays_the_same(enter: Enter, world: World) -> None:
    enter(Role.MARKETER)
    for _time in range(6):
        assert ask(enter(signed_in=False), EMAIL.upper()).status_code == 200
    assert len(send(world)) == 3


def test_one_visitor_may_not_ask_without_end(enter: Enter) -> None:
    visit = enter(signed_in=False)
    assert [ask(visit, f"x{number}@y.example").status_code for number in range(12)][-1] == 429


@pytest.mark.parametrize("minutes", [29, 31])
def test_a_link_holds_for_half_an_hour(enter: Enter, world: World, minutes: int) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    ask(visit)
    path = link(world)
    world.clock.forward(minutes=minutes)
    assert visit.get(path).status_code == (200 if minutes < 30 else 404)


def test_a_forged_or_foreign_link_opens_nothing(enter: Enter, world: World) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    ask(visit)
    path = link(world)
    token = path.rpartition("/")[2]
    head, _dash, mac = token.partition("-")
    other = "2" if head != "2" else "3"
    for wrong in (
        f"{other}-{mac}",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[1:],
        "x",
        "1-1-1",
        "%00",
        token.upper(),
    ):
        assert visit.get(f"/g/{wrong}").status_code == 404, wrong
    assert visit.get(f"/p/{token}").status_code == 404, "a token for a password opens no other page"
    with world.app.database.write() as session:
        user = session.get_one(User, int(head, 36))
        user.is_active = False
    assert visit.get(path).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"), [("pendek", "pendek", "paling sedikit 12"), (NEW, NEW + "x", "tidak sama")]
)
def test_a_poor_password_is_refused_and_the_link_stays_good(
    enter: Enter, world: World, password: str, again: str, said: str
) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    ask(visit)
    path = link(world)
    refused = set_password(visit, path, password, again)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert password not in refused.text
    assert set_password(visit, path).status_code == 200


def test_a_form_of_another_visit_sets_nothing(enter: Enter, world: World) -> None:
    enter(Role.MARKETER)
    visit = enter(signed_in=False)
    ask(visit)
    path = link(world)
    assert visit.client.post(path, data={"csrf": "0" * 64, "sandi": NEW, "ulangi": NEW}).status_code == 403
    assert sign_in(enter(signed_in=False), EMAIL).status_code == 303


def test_a_relay_that_is_busy_is_asked_again_under_the_same_link_and_message_id(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    def busy(email: OutboundEmail) -> SendOutcome:
        return Deferred(email.key, "smtp_451", timedelta(minutes=1))

    enter(Role.MARKETER)
    ask(enter(signed_in=False))
    monkeypatch.setattr(world.outbox, "answer", busy)
    for _time in range(MOST_ATTEMPTS + 3):
        send(world)
    assert len(world.outbox.sent) == MOST_ATTEMPTS
    assert len({(email.message_id, email.text) for email in world.outbox.sent}) == 1


def test_a_log_in_from_a_new_browser_is_told_to_the_mailbox_and_a_known_one_is_not(enter: Enter, world: World) -> None:
    known = enter(Role.MARKETER)
    assert send(world) == [], "the very first log-in is no news"
    known.act("/keluar")
    sign_in(known, EMAIL)
    assert send(world) == []
    sign_in(enter(signed_in=False), EMAIL)
    (mail,) = send(world)
    assert mail.subject == "Masuk ke Siar dari perangkat baru"
    assert "https://siar.example/masuk/lupa" in mail.text
