"""A personal message of WhatsApp in the composer, on a phone of 360 px and on a desk: chosen, filled, looked at."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from marketing.db.models import ChannelAccount, WhatsAppTemplate
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName, Role
from marketing.domain.whatsapp_template import TemplateState
from tests.support.demo import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
BODY = "Halo {{1}}, {{2}} dari {{3}} sedang kami perkenalkan. Balas STOP untuk berhenti."
Shoot = Callable[[Page, str], None]


def approve_template(site: Site) -> None:
    """Write what taking in templates from Meta would leave."""
    database, now = Database(site.settings.database), datetime.now(UTC)
    with database.write() as session:
        account = ChannelAccount(
            tenant_id="tts", channel=ChannelName.WHATSAPP, provider="whatsapp_cloud", remote_id="uji", name="Dinas", settings={},
            state=AccountState.PAUSED, sealed_credentials="", report={}, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(account)
        session.flush()
        session.add(
            WhatsAppTemplate(
                tenant_id="tts", account_id=account.id, remote_id="1", name="promo_tautan", language="id", category="marketing",
                state=TemplateState.APPROVED, body=BODY, body_count=3, footer="Dinas Koperasi UMKM", buttons=[
                    {"kind": "URL", "text": "Lihat produk", "url": f"{site.url}/k/{{{{1}}}}", "filled": True}
                ], created_at=now, told_at=now, synced_at=now,
            )
        )  # fmt: skip
    database.close()


def test_a_template_is_chosen_filled_and_seen_as_a_phone_shows_it(
    site: Site, sign_in: Callable[[Role], Page], shoot: Shoot
) -> None:
    approve_template(site)
    page = sign_in(Role.MARKETER)
    page.goto(f"{site.url}/kampanye/susun")
    page.get_by_label("Nama kampanye").fill("Tenun pekan ini")
    page.get_by_label("WhatsApp (pesan pribadi)").check()
    expect(page.locator("[data-audience-count] output")).to_be_visible()
    page.locator(".picks input[type=checkbox]").first.check()
    page.get_by_label("Judul", exact=True).fill("Tenun baru")
    page.get_by_label("Teks", exact=True).fill("Tenun baru dari SoE.")
    page.get_by_role("button", name="Tampilkan templat ini").click()
    expect(page.get_by_label("Isian 2")).to_have_value("judul")
    page.get_by_label("Isian 2").select_option("produk")
    page.get_by_label("Isian 3").select_option("usaha")
    page.get_by_role("button", name="Tampilkan templat ini").click()
    seen = page.locator("#panel-pribadi")
    expect(seen).to_contain_text("Halo Nama Penerima, ")
    expect(seen).to_contain_text("Balas STOP untuk berhenti.")
    expect(seen).not_to_contain_text("{{")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
    shoot(page, "whatsapp-susun")
