"""Mails from stencils are the mails that Jinja2 and EmailMessage make, whoever reads them and whatever they are called.

`SIAR_CONTEXTS=10000 pytest tests/unit/delivery/test_same_mail.py` tries as many readers; without it, a hundred.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr
from itertools import islice
from typing import Any, Final

import pytest

from marketing.channels.email.mime import BadMessageError, build_mime
from marketing.contacts.permission_facts import ContactFacts
from marketing.delivery.mail_context import CampaignMail
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.stencil import FilledBody, fits
from marketing.domain.types import EmailType
from marketing.i18n import LANGUAGES
from marketing.mail.samples import sample_of
from marketing.templates.compiler import compile_email, shipped_source
from marketing.templates.context import BundlePart, ProductCard, SenderIdentity
from marketing.templates.registry import TEMPLATES, MailTemplate
from marketing.tenants.profile import profile_of
from tests.support.campaign_mail import NOW, Row, campaign, composer, newsletter, reader, reference
from tests.support.every_mail import every_mail

FEW_SAMPLES: Final = 4
READERS: Final = int(os.environ.get("SIAR_CONTEXTS", "110"))
GROUP: Final = 5  # readers of one campaign
MANY: Final = 10_000
MARKETING: Final = [one for one in TEMPLATES if one.email_type is not EmailType.TRANSACTIONAL]
SHARE: Final = READERS // len(TEMPLATES)
HOSTILE: Final = (
    "Ibu Maria Tefa", "", "\ue0000\ue001", "\ue0003\ue001Siti", "{{ recipient_name }}", "{% raw %}", "</html>", "<script>alert(1)</script>",
    "'\"><b>&amp;", "=3D=0D=0A", ".titik", "..", ".", "a\r\nBcc: x@y.example", "a\nb", "\n\n\n", "  Siti  ", "\u202eitiS\u202c",
    "مريم", "🙂" * 40, "é" * 200, "x" * 100_000, "From orang", "\x00", "a\tb", "\u2028", "--=_siar--", "%s123456x00000%", "Ñ\u0301", "Ǆ ß",
)  # fmt: skip
HALF: Final = "setengah \ud800"


@pytest.fixture(scope="module", params=MARKETING, ids=lambda one: f"{one.email_type}-{one.variant}")
def template(request: pytest.FixtureRequest) -> MailTemplate:
    found: MailTemplate = request.param
    return found


def some_word(dice: random.Random) -> str:
    if dice.random() < 0.6:
        return dice.choice(HOSTILE)
    return "".join(
        chr(dice.choice((dice.randrange(32, 127), dice.randrange(0x24F), dice.randrange(0xD7FF)))) for _ in range(12)
    )


def some_card(dice: random.Random, number: int) -> ProductCard:
    """Return a product of which everything may be missing and anything may be said."""
    words = {
        name: some_word(dice)[:300] if dice.random() < 0.8 else "" for name in ("business", "price", "alt", "summary")
    }
    sale = (
        {"before_price": "Rp350.000", "percent": "15%", "period": "1–9 Des"}
        if dice.random() < 0.5
        else dict.fromkeys(("before_price", "percent", "period"), "")
    )
    pictures = dice.choice(["https://siar.example/g.jpg?a=1&b=2", "", "javascript:alert(1)", " https://x.example "])
    parts = tuple(BundlePart(some_word(dice)[:50], "KTH", part) for part in range(dice.choice((0, 0, 2))))
    return ProductCard(
        name=some_word(dice)[:300] or "Madu", picture_url=pictures, wide_url=pictures, parts=parts,
        url=f"https://siar.ttskab.example/galeri/tts/produk/{number}", **words, **sale,
    )  # fmt: skip


def some_campaign(template: MailTemplate, dice: random.Random) -> CampaignMail:
    """Return a campaign with products that are as hostile as its readers."""
    words: dict[str, Any] = {name: some_word(dice)[:2_000] for name in ("subject", "preheader", "headline", "body")}
    if template.email_type is EmailType.NEWSLETTER and dice.random() < 0.5:
        mail = newsletter(articles=dice.randrange(4), products=dice.randrange(5))
        mail = replace(mail, content=replace(mail.content, variant=template.variant, **words))
    else:
        mail = campaign(template.email_type, template.variant, products=dice.randrange(1, 9), **words)
    for number in range(1, 9):
        if dice.random() < 0.5:
            mail.cards.update({(number, spoken): some_card(dice, number) for spoken in LANGUAGES})
    return mail


def someone(mail: CampaignMail, dice: random.Random, number: int) -> tuple[Row, ContactFacts]:
    context: dict[str, Any] = {"last_order": f"2026-0{dice.randrange(1, 9)}-11T03:00:00+00:00"}
    if mail.content.email_type in {EmailType.RETENTION, EmailType.PERSONALISED} or dice.random() < 0.1:
        chosen = dice.sample(range(1, 9), dice.randrange(5))
        context["products"] = [
            {"id": one, "why": None, "reason": some_word(dice)[:200]} for one in chosen if one in mail.offers
        ]
    who = reader(some_word(dice), locale=dice.choice(("id", "en", "id", "xx")), number=number)
    return Row(dice.randrange(2**40), number, context), who


def spoiled(value: Any, dice: random.Random) -> Any:
    """Return a context with anything in its words."""
    if isinstance(value, tuple):
        return tuple(spoiled(one, dice) for one in value)
    if is_dataclass(value) and not isinstance(value, type | SenderIdentity):
        return replace(value, **{one.name: spoiled(getattr(value, one.name), dice) for one in fields(value)})
    return some_word(dice)[:1_000] if isinstance(value, str) and dice.random() < 0.4 else value


def texts_of(message: Message) -> list[str]:
    """Return the parts of a mail as a mail program shows them, line by line."""
    parts = message.get_payload()
    assert isinstance(parts, list)
    assert [part.get_content_type() for part in parts if isinstance(part, Message)] == ["text/plain", "text/html"]
    octets = [part.get_payload(decode=True) for part in parts if isinstance(part, Message)]
    return ["\n".join(part.decode().splitlines()) for part in octets if isinstance(part, bytes)]


def assert_the_library_agrees(email: OutboundEmail) -> None:
    """The mail that goes over the wire says what the library's says, in lines that every server takes."""
    raw = build_mime(email, date=NOW)
    body = raw.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, body)) <= 76
    assert not any(line.startswith(b".") for line in body)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    received, library = message_from_bytes(raw), EmailMessage()
    library.set_content(email.text, cte="quoted-printable")
    library.add_alternative(email.html, subtype="html", cte="quoted-printable")
    assert not received.defects
    assert texts_of(received) == texts_of(library)
    words = {"Subject": email.subject, "Message-ID": email.message_id}
    if email.unsubscribe_url:
        words["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
    for name, said in words.items():
        assert str(make_header(decode_header(received[name] or ""))).split() == said.split()
    assert parseaddr(received["To"].replace("\r\n", ""))[1] == email.recipient_address


def pairs(template: MailTemplate, count: int) -> Iterator[tuple[OutboundEmail, OutboundEmail, str]]:
    """Yield mails beside the reference's, with the reader's name."""
    dice = random.Random(f"{template.variant}-5")  # the same readers every time
    ours, theirs = composer(eager=True), reference()
    mail = campaign(template.email_type, template.variant)
    while count > 0:
        anew = replace(mail, made={})
        for number in range(1, min(count, GROUP) + 1):
            row, who = someone(mail, dice, number)
            yield ours.compose(row, who, mail, NOW), theirs.compose(row, who, anew, NOW), who.name
        mail = some_campaign(template, dice)
        count -= GROUP


def test_hostile_readers_get_what_the_reference_writes(template: MailTemplate) -> None:
    filled = 0
    for ours, theirs, name in pairs(template, SHARE):
        filled += isinstance(ours.body, FilledBody)
        assert ours.html == theirs.html
        assert ours.text == theirs.text
        assert replace(ours, body=theirs.body) == theirs
        assert fits(name) or not name or not isinstance(ours.body, FilledBody)
        try:
            build_mime(theirs, date=NOW)
        except BadMessageError as error:  # a name that no header can hold is refused either way
            with pytest.raises(BadMessageError, match=error.field):
                build_mime(ours, date=NOW)
            assert_the_library_agrees(replace(ours, recipient_name="", subject="x"))
        else:
            assert_the_library_agrees(ours)
    assert filled


@pytest.mark.parametrize("number", range(len(TEMPLATES) - len(MARKETING)))
def test_order_mail_is_written_as_the_library_writes_it(number: int) -> None:
    template = [one for one in TEMPLATES if one not in MARKETING][number]
    dice = random.Random(number)
    sample = sample_of(template, profile_of("tts"))
    compiled = compile_email(template.email_type, template.variant)
    for _reader in range(SHARE):
        rendered = compiled.render(spoiled(sample.context, dice))
        assert_the_library_agrees(replace(sample.email, body=WholeBody(rendered.html, rendered.text)))


def test_every_sample_of_the_project_is_written_as_the_library_writes_it() -> None:
    """All of them in the long form; a few in the short one, for other tests send every sample anyway."""
    samples = every_mail()
    for shown in samples if READERS >= MANY else islice(samples, FEW_SAMPLES):
        assert_the_library_agrees(shown.email)


def test_half_a_character_is_refused_as_ever() -> None:
    mail = campaign(headline=HALF)
    made = [composer().compose(Row(number), reader(), mail, NOW) for number in range(3)]
    for email in made:
        with pytest.raises(BadMessageError, match="text"):
            build_mime(email, date=NOW)


def test_a_single_mail_makes_no_stencil_and_the_second_does() -> None:
    mail, made = campaign(), composer()
    first, second, third = (made.compose(Row(number), reader(), mail, NOW) for number in range(3))
    assert [type(one.body).__name__ for one in (first, second, third)] == ["WholeBody", "FilledBody", "FilledBody"]
    assert second.html.replace("/1-", "/0-")[:2_000] == first.html[:2_000]
    assert isinstance(second.body, FilledBody)
    assert isinstance(third.body, FilledBody)
    assert second.body.stencil is third.body.stencil
    another_batch = made.compose(Row(4), reader(), campaign(), NOW)
    assert isinstance(another_batch.body, FilledBody)
    assert another_batch.body.stencil is third.body.stencil


def test_a_template_that_does_more_with_a_name_is_filled_for_each_reader() -> None:
    mail, made = campaign(), composer()
    shipped = shipped_source(mail.content.email_type, mail.content.variant)
    counting = replace(mail, source=replace(shipped, text=shipped.text + "\n{{ recipient_name|length }} huruf"))
    mails = [made.compose(Row(number), reader("S" * number), counting, NOW) for number in range(1, 5)]
    assert [type(one.body).__name__ for one in mails] == ["WholeBody"] * 4
    assert [one.text.splitlines()[-1] for one in mails] == ["1 huruf", "2 huruf", "3 huruf", "4 huruf"]


def test_an_offer_that_changes_between_two_batches_changes_the_mail() -> None:
    made, before, after = composer(), campaign(), campaign()
    after.cards.update({(1, "id"): None, (2, "id"): None})
    kept = [made.compose(Row(number), reader(), before, NOW) for number in range(3)][-1]
    gone = [made.compose(Row(number), reader(), after, NOW) for number in range(3)][-1]
    assert "Abon sapi 1" in kept.html
    assert "Abon sapi 1" not in gone.html + gone.text
    assert isinstance(gone.body, FilledBody)
