"""Templat WhatsApp: seen by everybody, submitted and deleted by those who keep accounts, with Meta's answer in words."""

from collections.abc import Iterator

import pytest

from marketing.demo.simulators.whatsapp import WhatsAppServer
from marketing.domain.types import Role
from tests.functional.web.visits import Enter
from tests.support.whatsapp import office
from tests.support.world import World

AT = "/kanal/media-sosial/whatsapp-templat"
DRAFT = {"nama": "kabar_tenun", "golongan": "marketing", "pesan": "Halo {{1}}, ada tenun baru.", "contoh": "Ani\r\n", "berhenti": "Berhenti promosi"}  # fmt: skip


@pytest.fixture(name="world")
def _world(small_world: World, server: WhatsAppServer) -> World:
    office(small_world, server)
    return small_world


@pytest.fixture
def server() -> Iterator[WhatsAppServer]:
    with WhatsAppServer() as one:
        yield one


def test_a_template_is_taken_in_submitted_and_deleted(enter: Enter, server: WhatsAppServer) -> None:
    visit = enter(Role.MARKETER)
    assert "Belum ada templat" in visit.page(AT)
    listed = visit.page(visit.act(f"{AT}/ambil"))
    assert "promo_umkm" in listed
    assert "Disetujui" in listed
    wrong = visit.post(AT, DRAFT | {"contoh": "", "nama": "Kabar <b>"})
    assert wrong.status_code == 422
    assert "huruf kecil" in wrong.text
    assert "satu contoh untuk setiap isian" in wrong.text
    assert "Kabar &lt;b&gt;" in wrong.text
    made = visit.page(visit.act(AT, DRAFT))
    assert "Diperiksa Meta" in made
    body = server.templates.standing["kabar_tenun", "id"].component("BODY")
    assert body == {"type": "BODY", "text": "Halo {{1}}, ada tenun baru.", "example": {"body_text": [["Ani"]]}}
    assert "(wa_100)" in visit.post(AT, DRAFT).text, "Meta has it already"
    number = made.split("kabar_tenun")[1].split("/hapus")[0].rpartition("/")[2]
    visit.act(f"{AT}/{number}/hapus")
    assert ("kabar_tenun", "id") not in server.templates.standing


def test_others_look_and_a_dead_permit_is_said(enter: Enter, server: WhatsAppServer) -> None:
    head = enter(Role.HEAD)
    assert "Ajukan kepada Meta" not in head.page(AT)
    assert head.post(AT, DRAFT).status_code == 403
    visit = enter(Role.OPERATOR)
    server.tokens.clear()
    answer = visit.post(f"{AT}/ambil")
    assert answer.status_code == 422
    assert "Hubungkan ulang nomornya" in answer.text
