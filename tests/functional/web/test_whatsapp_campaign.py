"""A personal message of WhatsApp from the form to the phone: only approved templates, the count by its own permission, honest figures."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from marketing.db.models import WhatsAppTemplate
from marketing.domain.campaign import CampaignState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.domain.whatsapp_template import TemplateState
from tests.functional.web.newsletters import number_in
from tests.functional.web.visits import Enter, typed
from tests.support.chat_campaign import PROMO, Chats, add_buyer, chats_of, digits_of
from tests.support.world import World, add_product

TEMPLATE = "promo_tautan/id"
FIELDS = ("nama", "produk", "usaha")


@pytest.fixture
def chats(world: World) -> Iterator[Chats]:
    with chats_of(world) as one:
        yield one


def test_from_the_form_to_the_phone(chats: Chats, enter: Enter) -> None:
    world = chats.world
    product = add_product(world.app, 1)
    add_buyer(world, 1, PROMO)
    add_buyer(world, 2, Purpose.PROMOTIONAL)
    marketer = enter(Role.MARKETER)
    empty = marketer.page("/kampanye/susun")
    assert "WhatsApp (pesan pribadi)" in empty
    assert f'value="{TEMPLATE}"' in empty
    assert "kabar_pesanan" not in empty  # a utility template carries no promotion
    counted = marketer.page("/kampanye/penerima?jenis=whatsapp_marketing&penerima=semua")
    assert "<output>1</output>" in counted
    # e-mail stays ticked as it was: this kind takes its place
    form = typed(product, jenis="whatsapp_marketing", kanal=[ChannelName.EMAIL], templat=TEMPLATE, isian=list(FIELDS))
    looked = marketer.post("/kampanye/susun", {**form, "aksi": "templat"}).text
    assert "Halo Nama Penerima, Tenun 1 dari Usaha 1. Balas STOP untuk berhenti." in looked
    for words in ("Digantikan pesan pribadi WhatsApp.", "Penerima pesan WhatsApp"):
        assert words in looked
    assert 'value="email" checked' not in looked
    campaign = number_in(marketer.act("/kampanye/susun", {**form, "aksi": "ajukan"}))
    approver = enter(Role.APPROVER)
    assert "Halo Nama Penerima, Tenun 1 dari Usaha 1." in approver.page(f"/kampanye/{campaign}")
    approver.act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.run(campaign)
    assert chats.reached == [digits_of(1)]
    assert world.outbox.sent == []
    chats.told()
    page = marketer.page(f"/kampanye/{campaign}")
    assert world.campaign(campaign).state is CampaignState.SENT
    for words in ("Neraca penerima", "banyak orang mematikan tanda baca", "Jumlah semua bagian 2 = penerima 2"):
        assert words in page
    assert "1 pesan WhatsApp keluar" in marketer.page("/kampanye")
    assert "<dt>Kanal</dt>" in page
    listed = marketer.page(f"/kotak-keluar/surat?kampanye={campaign}&keadaan=delivered")
    found = re.search(r"/kotak-keluar/surat/(\d+)", listed)
    assert found
    message = marketer.page(found[0])
    for words in ("WhatsApp (pesan pribadi)", "Halo Orang 1, Tenun 1 dari Usaha 1.", "Disusun ulang dari templat"):
        assert words in message
    assert "<iframe" not in message  # no mail was ever made of it
    button = chats.server.sent[0].content["components"][1]["parameters"][0]["text"]
    answer = enter(signed_in=False).get(f"/k/{button}")
    assert (answer.status_code, "utm_medium=whatsapp" in answer.headers["location"]) == (302, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_an_approved_template_it_is_not_offered_and_a_paused_one_is_refused(chats: Chats, enter: Enter) -> None:
    world = chats.world
    product = add_product(world.app, 1)
    with world.app.database.write() as session:
        session.execute(update(WhatsAppTemplate).values(state=TemplateState.PAUSED))
    marketer = enter(Role.MARKETER)
    assert "WhatsApp (pesan pribadi)" not in marketer.page("/kampanye/susun")
    form = typed(product, jenis="whatsapp_marketing", kanal=[], templat=TEMPLATE, isian=list(FIELDS))
    answer = marketer.post("/kampanye/susun", {**form, "aksi": "ajukan"})
    assert answer.status_code == 422
    assert "Meta belum atau tidak lagi mengizinkan templat" in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hostile_forms_are_shown_again(chats: Chats, enter: Enter) -> None:
    product = add_product(chats.world.app, 1)
    marketer = enter(Role.MARKETER)
    for templat, isian in (
        ("<script>alert(1)</script>/id", ["nama"]),
        ("promo_tautan", ["nama"] * 50),
        ("promo_tautan/id", ["<b>", "\0", "nomor"]),
        ("/" * 900, []),
        ("", []),
    ):
        form = typed(product, jenis="whatsapp_marketing", kanal=["apa"], templat=templat, isian=isian)
        for act in ("templat", "simpan", "ajukan"):
            answer = marketer.post("/kampanye/susun", {**form, "aksi": act})
            assert answer.status_code in (200, 422), (templat, act)
            assert "<script>alert" not in answer.text
