"""The public form: same answer for everybody, not for programs that race, in a frame too; confirming is a POST and happens once."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.models import ConsentRecord, Contact, Subscription
from marketing.domain.types import Purpose
from tests.functional.web.visits import Enter, Visit
from tests.support.subscribing import MAIL, suppress, token_in_mail
from tests.support.world import World, add_contact

FORM = "/langganan/tts"


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def hidden(text: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', text)


def filled(text: str, *purposes: Purpose, **changes: Any) -> dict[str, Any]:
    return {
        "bukti": hidden(text, "bukti")[0],
        "bahasa": hidden(text, "bahasa")[0],
        "kata": hidden(text, "kata"),
        "surel": MAIL,
        "nama": "Maria",
        "tujuan": list(purposes or (Purpose.PROMOTIONAL,)),
        "topik": ["kerajinan"],
        **changes,
    }


def send(reader: Visit, path: str = FORM, *purposes: Purpose, **changes: Any) -> Any:
    """Open the form, read it, fill it in and send it."""
    text = reader.page(path)
    reader.world.clock.forward(seconds=20)
    return reader.client.post(path, data=filled(text, *purposes, **changes))


def wishes(world: World) -> list[Subscription]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Subscription).order_by(Subscription.id)))


def mailed(world: World) -> str:
    """Let the worker mail the newest wish and return the link's path."""
    world.app.subscriptions.mail(int(world.tasks.asked[-1][1]["subscription_id"]))
    return f"/d/{token_in_mail(world)}"


def count(world: World, table: type) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_no_box_is_ticked_beforehand_and_each_shows_its_own_text(reader: Visit) -> None:
    text = reader.page(FORM)
    boxes = re.findall(r'<input type="checkbox"[^>]*name="tujuan"[^>]*>', text)
    assert len(boxes) == 5
    assert not [box for box in re.findall(r"<input[^>]*>", text) if " checked" in box]
    assert "sosialisasi" not in text
    for word in ("Dasar hukum", "Hak Anda", "Lama pemrosesan"):
        assert text.count(word) >= len(boxes)
    assert reader.client.cookies == {}


def test_a_person_subscribes_and_confirms(reader: Visit, world: World) -> None:
    answer = send(reader, FORM, Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
    assert answer.status_code == 200
    assert "Periksa kotak surat Anda" in answer.text
    link = mailed(world)
    for method in ("GET", "GET"):
        page = reader.client.request(method, link)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "Promosi produk UMKM" in page.text
    assert MAIL not in page.text  # whoever forwards the link shows no address
    assert count(world, ConsentRecord) == 0  # a scanner that follows every link confirms nothing
    assert reader.client.head(link).status_code == 405
    done = reader.client.post(link)
    assert done.status_code == 200
    assert count(world, ConsentRecord) == 2
    preferences = re.search(r'href="https://siar.example(/p/[^"]+)"', done.text)
    assert preferences
    assert reader.get(preferences[1]).status_code == 200


def test_a_used_a_late_and_an_invented_link_are_answered_alike(reader: Visit, world: World) -> None:
    send(reader)
    used = mailed(world)
    reader.client.post(used)
    send(reader, surel="lain@surat.example")
    late = mailed(world)
    world.clock.forward(hours=72)
    links = [used, late, used[:-1] + ("A" if used[-1] != "A" else "B"), "/d/1-AAAAAAAAAAAAAAAAAAAAAA", "/d/x"]
    answers = [reader.client.request(method, link) for link in links for method in ("GET", "POST")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert count(world, Contact) == 1


def test_whoever_guesses_links_is_slowed_down(reader: Visit) -> None:
    codes = [reader.client.post(f"/d/{number}-AAAAAAAAAAAAAAAAAAAAAA").status_code for number in range(40)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_new_known_left_barred_and_erased_get_the_same_answer_and_the_same_row(reader: Visit, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL, email="kenal@surat.example")
    suppress(world, "keluar@surat.example", UNSUBSCRIBE_ALL)
    suppress(world, "hukum@surat.example", "legal")
    suppress(world, "hapus@surat.example", "erased")
    addresses = [f"{name}@surat.example" for name in ("baru", "kenal", "keluar", "hukum", "hapus")]
    answers = [send(reader, surel=address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text.replace(address, "") for answer, address in zip(answers, addresses, strict=True)}) == 1
    assert [row.address for row in wishes(world)] == addresses
    assert len(world.tasks.asked) == len(addresses)


def test_too_fast_is_asked_again_and_then_taken(reader: Visit, world: World) -> None:
    text = reader.page(FORM)
    world.clock.forward(seconds=1)
    first = reader.client.post(FORM, data=filled(text))
    assert first.status_code == 422
    assert "terlalu cepat" in first.text
    assert f'value="{MAIL}"' in first.text
    assert wishes(world) == []
    world.clock.forward(seconds=3)
    again = filled(text, bukti=hidden(first.text, "bukti")[0])
    assert reader.client.post(FORM, data=again).status_code == 200
    assert len(wishes(world)) == 1


def test_a_form_counts_once_and_not_for_ever(reader: Visit, world: World) -> None:
    text = reader.page(FORM)
    world.clock.forward(seconds=20)
    codes = [reader.client.post(FORM, data=filled(text)).status_code for _time in range(3)]
    assert codes == [200, 422, 422]
    text = reader.page(FORM)
    world.clock.forward(hours=13)
    assert "sudah lama terbuka" in reader.client.post(FORM, data=filled(text)).text
    assert len(wishes(world)) == 1


@pytest.mark.parametrize("proof", ["", "x", "6560.abc.0000", "zz.zz." + "0" * 32, "é.é.é", "." * 9, "1" * 9999])
def test_a_form_that_we_never_showed_changes_nothing_and_ticks_nothing(reader: Visit, world: World, proof: str) -> None:
    answer = reader.client.post(FORM, data=filled(reader.page(FORM), bukti=proof))
    assert answer.status_code == 422
    assert " checked" not in answer.text
    assert wishes(world) == []


def test_the_proof_of_one_daerah_is_worth_nothing_for_another(reader: Visit, world: World) -> None:
    text = reader.page(FORM)
    world.clock.forward(seconds=20)
    assert reader.client.post("/langganan/blitar", data=filled(text)).status_code == 422
    assert wishes(world) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"surel": ""},
        {"surel": "bukan alamat"},
        {"surel": "a@b\r\nBcc: c@d.example"},
        {"surel": "x" * 400 + "@surat.example"},
        {"tujuan": []},
        {"tujuan": ["semua"]},
        {"tujuan": [Purpose.SOSIALISASI]},
        {"tujuan": [Purpose.WHATSAPP_MARKETING]},
        {"kata": ["promotional|2019-1|id"]},
        {"kata": ["|||", "x", ""]},
    ],
)
def test_what_cannot_be_is_asked_again_with_what_was_typed(
    reader: Visit, world: World, changes: dict[str, Any]
) -> None:
    answer = send(reader, **changes)
    assert answer.status_code == 422
    assert 'value="Maria"' in answer.text
    assert "salah" in answer.text or 'role="alert"' in answer.text
    assert wishes(world) == []


def test_hostile_names_and_topics_are_text_and_nothing_more(reader: Visit, world: World) -> None:
    answer = send(reader, nama="<script>alert(1)</script>\r\n" * 50, topik=["kerajinan", "<b>", "kerajinan"])
    assert answer.status_code == 200
    (row,) = wishes(world)
    assert row.topics == ["kerajinan"]
    assert len(row.name) <= 100
    assert "\n" not in row.name
    link = mailed(world)
    assert "<script>alert" not in reader.client.post(link).text


def test_the_frame_may_stand_anywhere_and_the_form_itself_nowhere(reader: Visit, world: World) -> None:
    framed = reader.get(f"{FORM}/bingkai")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy  # default-src 'none': a frame on another site runs nothing
    assert "frame-ancestors 'none'" in reader.get(FORM).headers["Content-Security-Policy"]
    answer = send(reader, f"{FORM}/bingkai")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert [row.source for row in wishes(world)] == ["bingkai"]
    assert reader.client.cookies == {}


def test_the_form_speaks_english_and_the_record_says_so(reader: Visit, world: World) -> None:
    text = reader.page(f"{FORM}?bahasa=en")
    assert '<html lang="en"' in text
    world.clock.forward(seconds=20)
    assert reader.client.post(FORM, data=filled(text)).status_code == 200
    (row,) = wishes(world)
    assert row.language == "en"
    assert row.evidence["shown"] == {"promotional": ["2026-1", "en"]}


def test_one_address_on_the_net_cannot_fill_forms_without_end(reader: Visit) -> None:
    codes = [reader.client.post(FORM, data={}).status_code for _time in range(25)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_a_poster_tells_the_address_and_an_unknown_daerah_is_no_daerah(reader: Visit) -> None:
    assert "siar.example/langganan/tts" in reader.page(f"{FORM}/poster")
    for path in ("/langganan/xyz", "/langganan/xyz/bingkai", "/langganan/xyz/poster"):
        assert reader.get(path).status_code == 404
