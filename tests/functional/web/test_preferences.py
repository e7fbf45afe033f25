"""The pages behind the links of a mail: choices without logging in, why it came, and stopping at once."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from marketing.db.models import Contact, DataRequest
from marketing.domain.consent import ConsentState
from marketing.domain.links import LinkPurpose
from marketing.domain.message import MessageState
from marketing.domain.types import EmailType, Purpose
from tests.functional.web.visits import Enter, Visit
from tests.support.orders import add_order, enable, run_automation
from tests.support.subscribing import ask, states, token_in_mail
from tests.support.world import World, add_contact, add_product, messages, promotion

P = Purpose


@pytest.fixture
def world(small_world: World) -> World:
    """On SQLite alone: tests/integration/contacts/test_preferences.py proves the use case on both engines."""
    return small_world


@pytest.fixture(name="reader")
def _reader(enter: Enter, world: World) -> Visit:
    """Somebody who got a promotion on a consent from the form, and its confirmation."""
    ask(world, P.PROMOTIONAL, P.NEWSLETTER)
    assert world.app.subscriptions.confirm(token_in_mail(world))
    world.run(world.approved(promotion(add_product(world.app, 1))))
    return enter(signed_in=False)


def link(world: World, letter: str) -> str:
    """Return a link of the newest mail, as its text part shows it."""
    found = re.search(rf"https://siar\.example(/{letter}/\S+)", world.outbox.sent[-1].text)
    assert found
    return found[1]


def form(text: str, **changes: Any) -> dict[str, Any]:
    """Return what the page would send if a person only pressed the button."""
    hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', text) for name in ("kata", "semula")}
    boxes = re.findall(r'name="(tujuan|topik)" value="([^"]+)" checked', text)
    return {
        **hidden,
        "tujuan": [value for name, value in boxes if name == "tujuan"],
        "topik": [value for name, value in boxes if name == "topik"],
        "batas": "",
        "jeda": "",
        "bahasa": "id",
        "aksi": "simpan",
        **changes,
    }


def contact_of(world: World) -> Contact:
    with world.app.database.read() as session:
        return session.scalars(select(Contact)).one()


def test_every_kind_of_mail_leads_to_the_choices_and_to_the_reason(reader: Visit, world: World) -> None:
    mail = world.outbox.sent[-1]
    for letter in ("p", "m"):
        assert link(world, letter) in mail.html
        assert reader.get(link(world, letter)).status_code == 200
    add_order(world.app, 1, 1, events=["paid"])
    enable(world, "transaksi")
    run_automation(world, "transaksi")
    assert world.outbox.sent[-1].email_type is EmailType.TRANSACTIONAL
    reason = reader.page(link(world, "m"))  # order mail offers nothing to leave; its reason leads to the choices
    assert "pesanan" in reason
    choices = re.search(r'href="(?:https://siar\.example)?(/p/[^"]+)"', reason)
    assert choices
    assert reader.get(choices[1]).status_code == 200


def test_looking_changes_nothing_and_tells_no_other_site(reader: Visit, world: World) -> None:
    path = link(world, "p")
    before = states(world, 1)
    for _time in range(3):
        answer = reader.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert reader.get(path + "?hasil=%3Cscript%3E").status_code == 200
    assert states(world, 1) == before
    assert "maria@surat.example" not in answer.text
    assert reader.client.cookies == {}


def test_a_person_changes_choices_frequency_pause_topics_and_language(reader: Visit, world: World) -> None:
    path = link(world, "p")
    sent = form(
        reader.page(path),
        tujuan=[P.NEWSLETTER, P.PERSONALISED],
        topik=["fesyen", "kerajinan", "tidak-ada"],
        batas="1",
        jeda="2026-12-24",
        bahasa="en",
    )
    answer = reader.client.post(path, data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?hasil=simpan")
    assert states(world, 1) == {
        P.PROMOTIONAL: ConsentState.WITHDRAWN,
        P.NEWSLETTER: ConsentState.GIVEN,
        P.PERSONALISED: ConsentState.GIVEN,
    }
    person = contact_of(world)
    assert (person.weekly_limit, person.locale) == (1, "en")
    assert sorted(person.preferences["categories"]) == ["fesyen", "kerajinan"]
    assert person.paused_until is not None
    page = reader.page(path + "?hasil=simpan")
    assert 'value="2026-12-24"' in page
    assert '<html lang="en"' in page


def test_an_old_page_saved_again_gives_no_consent_back(reader: Visit, world: World) -> None:
    """Two windows: in one the person leaves, in the other an old page is saved as it stood."""
    path = link(world, "p")
    old = reader.page(path)
    reader.client.post(link(world, "u"), data={"List-Unsubscribe": "One-Click"})
    assert reader.client.post(path, data=form(old)).status_code == 303
    assert states(world, 1)[P.PROMOTIONAL] is ConsentState.WITHDRAWN


def test_stopping_all_is_immediate_and_can_be_undone_here(reader: Visit, world: World) -> None:
    path = link(world, "p")
    world.app.planner.start(world.approved(promotion(1)))
    assert reader.client.post(path, data={"aksi": "semua"}).status_code == 303
    assert messages(world)[-1].state is MessageState.SKIPPED
    assert set(states(world, 1).values()) == {ConsentState.WITHDRAWN}
    page = reader.page(path)
    assert "sudah berhenti dari semua" in page
    reader.client.post(path, data=form(page, tujuan=[P.NEWSLETTER]))
    assert states(world, 1)[P.NEWSLETTER] is ConsentState.GIVEN
    assert "sudah berhenti dari semua" not in reader.page(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"jeda": "24-12-2026"},
        {"jeda": "2020-01-01"},
        {"jeda": "2099-01-01"},
        {"tujuan": [P.RETENTION], "kata": ["retention|2019-9|id"]},
        {"tujuan": [P.RETENTION], "kata": []},
        {"tujuan": [P.WHATSAPP_MARKETING], "kata": ["whatsapp_marketing|2026-1|id"]},
    ],
)
def test_a_mistake_changes_nothing_and_keeps_what_was_typed(
    reader: Visit, world: World, changes: dict[str, Any]
) -> None:
    path = link(world, "p")
    before = states(world, 1)
    sent = {**form(reader.page(path), batas="2", topik=["fesyen"]), **changes}
    answer = reader.client.post(path, data=sent)
    assert answer.status_code == 422
    assert 'id="batas-2" name="batas" value="2" checked' in answer.text
    assert 'value="fesyen" checked' in answer.text
    assert 'action="' + path in answer.text
    assert (states(world, 1), contact_of(world).weekly_limit) == (before, None)


def test_an_empty_or_strange_post_withdraws_nothing(reader: Visit, world: World) -> None:
    path = link(world, "p")
    before = states(world, 1)
    for data in ({}, {"aksi": "apa"}, {"aksi": "simpan"}, {"aksi": "simpan", "semula": ["x"], "batas": "999"}):
        assert reader.client.post(path, data=data).status_code in (303, 422)
    assert states(world, 1) == before


def test_a_token_for_one_page_opens_no_other(reader: Visit, world: World) -> None:
    signer = world.app.signer
    tokens = [
        *(
            signer.url(purpose, 1).rpartition("/")[2]
            for purpose in LinkPurpose
            if purpose is not LinkPurpose.PREFERENCES
        ),
        signer.url(LinkPurpose.PREFERENCES, 1, 2).rpartition("/")[2],
        signer.url(LinkPurpose.PREFERENCES, 4711).rpartition("/")[2],
        "x",
    ]
    for token in tokens:
        for method in ("GET", "POST"):
            answer = reader.client.request(method, f"/p/{token}", data={"aksi": "semua"} if method == "POST" else None)
            assert answer.status_code == 404
    assert ConsentState.WITHDRAWN not in states(world, 1).values()


def test_data_and_erasure_are_asked_for_and_the_link_goes_to_the_mailbox(reader: Visit, world: World) -> None:
    path = link(world, "p")
    for act, words in (("data", "langsung dapat diunduh"), ("hapus", "Data dihapus setelah Anda menekan")):
        answer = reader.client.post(path, data={"aksi": act})
        assert words in reader.page(answer.headers["location"])
    with world.app.database.read() as session:
        rows = list(session.scalars(select(DataRequest).order_by(DataRequest.id)))
    assert [(row.kind, row.source) for row in rows] == [("access", "preferensi"), ("erase", "preferensi")]


def test_the_reason_page_tells_consent_text_audience_decision_and_sender(reader: Visit, world: World) -> None:
    answer = reader.get(link(world, "m"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    text = re.sub(r"<[^>]+>|\s+", " ", answer.text)
    for words in (
        "Persetujuan dicatat",
        "formulir langganan",
        "lewat tautan yang kami kirim",
        "Ya, kirimi saya promosi produk UMKM",
        "Dasar hukum",
        "Semua yang menyetujui promosi",
        "Diizinkan",
        "Dinas",
        "m***@surat.example",
    ):
        assert words in text, words
    for letter in ("p", "u"):
        assert link(world, letter) in answer.text
    receipt = re.search(r'href="(/m/[^"]+/bukti.json)"', answer.text)
    assert receipt
    told = json.loads(reader.get(receipt[1]).text)
    assert "maria@surat.example" not in json.dumps(told)
    assert "schema_version" in json.dumps(told)


def test_the_page_of_leaving_offers_less_before_nothing(reader: Visit, world: World) -> None:
    path = link(world, "u")
    preferences = link(world, "p")
    page = reader.get(path)
    assert preferences in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert preferences in reader.client.post(path, data={"lingkup": "jenis"}).text
    assert states(world, 1)[P.PROMOTIONAL] is ConsentState.WITHDRAWN


def test_another_person_stays_untouched(reader: Visit, world: World) -> None:
    other = add_contact(world.app, 2, P.PROMOTIONAL)
    reader.client.post(link(world, "p"), data={"aksi": "semua"})
    assert states(world, other) == {P.PROMOTIONAL: ConsentState.GIVEN}
