"""`siar post doubts|settle` and `siar social group`: what only a person knows, told by name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from marketing.db.models import AuditEntry, Campaign, ChannelAccount, Post, User
from marketing.db.session import Database
from marketing.delivery.share_tasks import CHECK, ask_person
from marketing.domain.campaign import CampaignState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType
from tests.functional.cli.conftest import Siar

WHO = ("--tenant", "tts", "--as", "pemasar@dinas.example")
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture(name="database")
def _database(siar: Siar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """A Daerah with a marketer and one Facebook post that nobody knows about."""
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "kata sandi panjang")
    assert siar("migrate").code == 0
    for name in ("pemasar", "pendamping"):
        added = siar("user", f"{name}@dinas.example", "--tenant", "tts", "--role", name, "--name", name)
        assert added.code == 0, added.err
    database = Database(f"sqlite:///{tmp_path / 'data' / 'siar.sqlite3'}")
    with database.write() as session:
        campaign = Campaign(
            tenant_id="tts",
            slug="tenun-1",
            name="Tenun",
            email_type=EmailType.PROMOTIONAL,
            state=CampaignState.CANCELLED,
            created_at=NOW,
        )
        session.add(campaign)
        session.flush()
        post = Post(
            tenant_id="tts",
            campaign_id=campaign.id,
            version=1,
            channel=ChannelName.FACEBOOK,
            account="sandbox",
            marker="tts-tenun-1",
            state=PostState.UNCONFIRMED,
            content={"title": "Tenun baru"},
            submitted_at=NOW,
            queued_at=NOW,
        )
        session.add(post)
        session.flush()
        ask_person(session, post, CHECK, "Periksa", NOW)
    return database


def test_a_doubt_is_listed_and_settled_once_by_name(siar: Siar, database: Database) -> None:
    (doubt,) = json.loads(siar("post", "doubts", "--tenant", "tts", "--json").out)["doubts"]
    assert (doubt["number"], doubt["channel"], doubt["title"]) == (1, "facebook", "Tenun baru")
    assert "22 November 2026 09.00 WITA" in siar("post", "doubts", "--tenant", "tts").out
    assert "--absent" in siar("post", "settle", "1", *WHO).sentence
    assert siar("post", "settle", "2", *WHO, "--absent").code == 1
    assert siar("post", "settle", "1", "--tenant", "blitar", "--as", "pemasar@dinas.example", "--absent").code == 1
    companion = ("--tenant", "tts", "--as", "pendamping@dinas.example")
    assert "Peran Anda" in siar("post", "settle", "1", *companion, "--absent").sentence
    done = siar("post", "settle", "1", *WHO, "--absent")
    assert (done.code, done.err) == (0, "")
    assert siar("post", "settle", "1", *WHO, "--stands").code == 1
    assert "Tidak ada kiriman" in siar("post", "doubts", "--tenant", "tts").out
    with database.read() as session:
        assert session.scalars(select(Post.state)).one() is PostState.QUEUED
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "post.checked"


def test_a_group_is_kept_with_its_administrator(siar: Siar, database: Database) -> None:
    group = ("social", "group", *WHO, "--name", "UMKM Mollo")
    assert siar(*group, "--person", "siapa@dinas.example").code == 1
    assert siar(*group, "--person", "pendamping@dinas.example").code == 0
    assert siar(*group, "--person", "pendamping@dinas.example").code == 0, "the same name is the same group"
    with database.read() as session:
        account = session.scalars(select(ChannelAccount)).one()
        person = session.scalars(select(User).where(User.name == "pendamping")).one()
        assert (account.name, account.remote_id, account.person_id) == ("UMKM Mollo", "tts:umkm-mollo", person.id)
