"""Changing the key that seals: what was sealed before still opens, is sealed anew, and then the old key is worth nothing."""

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from marketing.bootstrap import App, build_app
from marketing.channels.social import Access, SocialProvider
from marketing.db.models import ChannelAccount, DataRequest
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName, Role
from marketing.errors import SettingsError
from marketing.resealing import reseal
from marketing.settings import Settings
from tests.support.world import TENANT, World

SECRET, FIRST, SECOND = "kunci-pemasangan-contoh", "kunci-segel-satu", "kunci-segel-dua"
TOKEN = "akses-sangat-rahasia"


def app_of(world: World, **keys: str) -> App:
    secrets: dict[str, Any] = {name: SecretStr(key) for name, key in {"secret_key": SECRET, **keys}.items()}
    settings = Settings(data_dir=world.app.settings.data_dir, public_url="https://siar.example", **secrets)
    return build_app(settings, clock=world.clock, database=world.app.database, queue=world.tasks)  # type: ignore[arg-type]


def opened(app: App, number: int) -> str:
    return app.social.publishers.access(TENANT, number, sending=False).token


def filled(world: World, app: App) -> int:
    """Keep one secret of each form in which secrets are kept: a column, and a place inside of JSON."""
    access = Access(SocialProvider.WHATSAPP_GROUP, "grup", "Grup", TOKEN)
    number = app.social.connect(world.staff(Role.OPERATOR), access)
    now = world.clock()
    with app.database.write() as session:
        address = app.settings.sealer.seal("data-request", "orang@surat.example")
        request = DataRequest(
            tenant_id=TENANT, address_hash="x", kind="erase", state="done", source="formulir", received_at=now,
            due_at=now, details={"address": address, "tell": True},
        )  # fmt: skip
        session.add(request)
        shop = ChannelAccount(
            tenant_id=TENANT, channel=ChannelName.MARKETPLACE, provider="shopee", remote_id="7", name="Toko", settings={},
            state=AccountState.ACTIVE, report={}, created_at=now, updated_at=now,
            sealed_credentials=app.settings.sealer.seal("channel-account", "{}"),
        )  # fmt: skip
        session.add(shop)
    return number


def test_a_key_is_changed_in_two_steps_and_the_old_one_opens_nothing_after_them(world: World) -> None:
    number = filled(world, app_of(world))
    one = app_of(world, seal_key=FIRST)
    assert opened(one, number) == TOKEN, "the secret key still opens what it sealed"
    assert (reseal(one).sealed, reseal(one).unopened) == (3, [])
    with pytest.raises(SettingsError, match="SIAR_SEAL_KEYS_OLD"):
        opened(app_of(world), number)
    both = app_of(world, seal_key=SECOND, seal_keys_old=f"{FIRST} kunci-lain")
    assert opened(both, number) == TOKEN
    reseal(both)
    assert opened(app_of(world, seal_key=SECOND), number) == TOKEN
    with pytest.raises(SettingsError):
        opened(app_of(world, seal_key=FIRST), number)


def test_what_no_key_opens_stays_as_it_is_and_is_named(world: World) -> None:
    number = filled(world, app_of(world, seal_key=FIRST))
    found = reseal(app_of(world, seal_key=SECOND))
    assert found.sealed == 0
    assert [name.partition(":")[0] for name in found.unopened] == ["channel_account"] * 2 + ["data_request"]
    assert opened(app_of(world, seal_key=FIRST), number) == TOKEN
    with world.app.database.read() as session:
        (request,) = session.scalars(select(DataRequest))
    assert request.details["tell"] is True


def test_no_key_stands_in_a_repr(world: World) -> None:
    app = app_of(world, seal_key=FIRST, seal_keys_old=SECOND)
    shown = repr(app) + repr(app.settings) + repr(app.settings.sealer) + repr(app.journeys)
    assert not [key for key in (SECRET, FIRST, SECOND) if key in shown]
