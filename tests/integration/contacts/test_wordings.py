"""Consent texts: what is shown now, what may be published, and that what was shown never changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts import wordings
from marketing.contacts.consent_service import record_consent
from marketing.db.models import ConsentWording
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.consent_wording import Element, Standing, composed
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotFoundError
from tests.support.world import START, TENANT, World, add_contact

TEXT = composed("Ya, kirimi saya buletin.", dict.fromkeys(Element, "dikatakan dengan cukup lengkap di sini"), "id")


def published(session: Session, **changes: Any) -> Any:
    said: dict[str, Any] = {
        "version": "2026-2", "purpose": Purpose.NEWSLETTER, "language": "id", "text": TEXT, "valid_from": START, "now": START,
    } | changes  # fmt: skip
    return wordings.publish(session, tenant_id=TENANT, **said)


def now(session: Session, language: str = "id", at: datetime = START, purpose: Purpose = Purpose.NEWSLETTER) -> str:
    return wordings.current(session, TENANT, purpose, language, at).version


def test_the_shipped_text_is_shown_until_another_is_in_force(world: World) -> None:
    with world.app.database.write() as session:
        assert now(session) == now(session, "en") == "2026-1"
        assert wordings.current(session, TENANT, Purpose.NEWSLETTER, "en", START).language == "en"
        published(session, valid_from=START + timedelta(days=1))
        assert now(session) == "2026-1"
        assert now(session, at=START + timedelta(days=1)) == "2026-2"
        assert now(session, at=START + timedelta(days=1), purpose=Purpose.PROMOTIONAL) == "2026-1"


def test_a_version_that_speaks_no_english_is_shown_in_indonesian(world: World) -> None:
    with world.app.database.write() as session:
        published(session)
        found = wordings.current(session, TENANT, Purpose.NEWSLETTER, "en", START)
    assert (found.version, found.language, found.question) == ("2026-2", "id", "Ya, kirimi saya buletin.")


def test_publishing_again_changes_nothing_and_other_words_are_refused(world: World) -> None:
    with world.app.database.write() as session:
        first = published(session)
        assert published(session, text=TEXT + "\n\n", valid_from=START - timedelta(days=9)).hash == first.hash
        with pytest.raises(InvalidInputError, match="sudah terbit"):
            published(session, text=TEXT + " Dan lagi.")
        with pytest.raises(InvalidInputError, match="sudah terbit"):
            published(session, version="2026-1")
        (row,) = session.scalars(select(ConsentWording))
        assert (row.text, row.hash) == (TEXT, first.hash)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"text": "Saya setuju."}, "text", "Dasar hukum, Tujuan"),
        ({"text": TEXT.replace("Hak Anda", "Hak")}, "text", "belum memuat: Hak Anda "),
        ({"text": "\0\0"}, "text", "kosong"),
        ({"text": TEXT + "x" * 10_000}, "text", "10.000"),
        ({"version": "dua"}, "version", "ditulis seperti"),
        ({"version": "2026-7.1"}, "version", "memerlukan versi 2026-7"),
        ({"language": "jv"}, "language", "id, en"),
        ({"valid_from": START - timedelta(seconds=1)}, "valid_from", "berlaku surut"),
    ],
)
def test_what_may_not_be_published(small_world: World, change: dict[str, Any], field: str, said: str) -> None:
    with small_world.app.database.write() as session:
        with pytest.raises(InvalidInputError, match=said) as refused:
            published(session, **change)
        assert refused.value.field == field
        assert session.scalars(select(ConsentWording)).all() == []


def test_what_was_shown_stays_whatever_is_shipped_later(world: World) -> None:
    contact = add_contact(world.app, 1)
    given = ConsentEvent(Purpose.NEWSLETTER, ConsentState.GIVEN, START, "2026-1", "formulir", language="en")
    with world.app.database.write() as session:
        session.add(
            ConsentWording(
                tenant_id=TENANT, version="2026-1", purpose=Purpose.NEWSLETTER, language="en", text="as it was", hash="h",
                valid_from=START,
            )
        )  # fmt: skip
        session.flush()
        record_consent(session, tenant_id=TENANT, contact_id=contact, events=[given], now=START)
        found = wordings.find(session, TENANT, version="2026-1", purpose=Purpose.NEWSLETTER, language="en")
        assert found is not None
        assert found.text == "as it was"
        assert wordings.all_texts(session, TENANT)["h"] == "as it was"
        assert len(session.scalars(select(ConsentWording)).all()) == 1


def test_consents_age_with_their_texts(world: World) -> None:
    with world.app.database.write() as session:
        published(session)
        published(session, version="2026-2.1", text=TEXT.replace("Ya,", "Baik,"))
        ages = wordings.load_ages(session, TENANT, START)
    judged = {one: ages.standing(Purpose.NEWSLETTER, one) for one in ("2026-1", "2026-2", "2026-2.1", "kasir")}
    assert judged == {
        "2026-1": Standing.OUTDATED, "2026-2": Standing.ACCEPTED, "2026-2.1": Standing.CURRENT, "kasir": Standing.FOREIGN,
    }  # fmt: skip
    assert ages.outdated(Purpose.NEWSLETTER) == ("2026-1",)
    assert ages.outdated(Purpose.PROMOTIONAL) == ()


def test_a_daerah_without_texts_says_so(small_world: World) -> None:
    with small_world.app.database.read() as session, pytest.raises(NotFoundError, match="Terbitkan"):
        wordings.current(session, "jauh", Purpose.NEWSLETTER, "id", START)
