"""Personal messages of WhatsApp from the command line: a draft with what it will look like, and order news on and off."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from marketing.db.models import Automation, Campaign
from marketing.domain.campaign import CampaignState
from marketing.domain.types import Purpose, Role
from tests.functional.cli.conftest import Done, Siar
from tests.support.chat_campaign import Chats, chats_of
from tests.support.world import World, add_product


@pytest.fixture
def chats(small_world: World) -> Iterator[Chats]:
    with chats_of(small_world) as one:
        yield one


def run(siar: Siar, chats: Chats, *words: str) -> Done:
    world = chats.world
    settings = {
        "SIAR_DATABASE_URL": str(world.app.database.engine.url),
        "SIAR_DATA_DIR": str(world.app.settings.data_dir),
        "SIAR_SECRET_KEY": world.app.settings.signing_key.decode(),
        "SIAR_PUBLIC_URL": world.app.settings.public_url,
    }
    return siar("campaign", *words, "--tenant", "tts", **settings)


def test_a_draft_is_written_shown_and_handed_in(siar: Siar, chats: Chats) -> None:
    world = chats.world
    marketer = world.staff(Role.MARKETER).email
    product = str(add_product(world.app, 1))
    words = (
        "whatsapp",
        "--as",
        marketer,
        "--name",
        "Tenun",
        "--product",
        product,
        "--text",
        "Baru.",
        "--at",
        "2030-01-02T09:00",
    )
    fields = ("--field", "nama", "--field", "produk", "--field", "usaha")
    done = run(siar, chats, *words, "--template", "promo_tautan/id", *fields, "--submit")
    assert done.code == 0, done.err
    assert "Halo Nama Penerima, Tenun 1 dari Usaha 1. Balas STOP untuk berhenti." in done.out
    assert "[Lihat]" in done.out
    with world.app.database.read() as session:
        row = session.scalars(select(Campaign)).one()
    assert (row.state, row.purpose) == (CampaignState.IN_REVIEW, Purpose.WHATSAPP_MARKETING)
    assert "Pilih templat" in run(siar, chats, *words, "--template", "tidak_ada/id").sentence


def test_order_news_is_switched_on_and_off(siar: Siar, chats: Chats) -> None:
    world = chats.world
    approver = ("--as", world.staff(Role.APPROVER).email)
    refused = run(siar, chats, "whatsapp-orders", *approver, "--template", "promo_umkm/id").sentence
    assert "utilitas" in refused
    assert run(siar, chats, "whatsapp-orders", *approver, "--template", "kabar_pesanan/id").code == 0
    with world.app.database.read() as session:
        assert session.get_one(Automation, ("tts", "transaksi-whatsapp")).enabled
    assert "surelnya tetap dikirim" in run(siar, chats, "whatsapp-orders", *approver, "--off").out
    with world.app.database.read() as session:
        assert not session.get_one(Automation, ("tts", "transaksi-whatsapp")).enabled
