"""A campaign's mail before it goes out: looked at in every look, examined, and sent to oneself without a trace."""

import re
from datetime import timedelta
from html import unescape

import pytest

from marketing.channels.base import Deferred
from marketing.domain.campaign import CampaignState
from marketing.domain.types import Role
from tests.functional.web.test_access import dump
from tests.functional.web.visits import Enter, typed
from tests.support.world import World, add_product


@pytest.fixture(name="world")
def _world(small_world: World) -> World:
    """No engine changes any of this."""
    return small_world


def drafted(enter: Enter, world: World, **changes: str) -> str:
    """Save a draft and return its page."""
    product = add_product(world.app, 1)
    place = enter(Role.MARKETER).act("/kampanye/susun", {**typed(product, **changes), "aksi": "simpan"})
    found = re.match(r"/kampanye/\d+", place)
    assert found
    return found[0]


def test_a_saved_draft_is_seen_light_dark_and_without_pictures(enter: Enter, world: World) -> None:
    page = drafted(enter, world)
    composer = enter(Role.MARKETER).page(f"{page}/susun")
    for look in ("terang", "gelap", "tanpa-gambar"):
        assert f'href="{page}/pratinjau.html?rupa={look}" target="bingkai-surel"' in composer
    assert "List-Unsubscribe-Post" in composer
    assert "Bagian teks" in composer
    dark = enter(Role.HEAD).get(f"{page}/pratinjau.html?rupa=gelap")
    assert "prefers-color-scheme" not in dark.text
    assert "Tenun baru dari SoE" in dark.text
    plain = enter(Role.HEAD).get(f"{page}/pratinjau.html?rupa=tanpa-gambar")
    assert "img-src 'none'" in plain.headers["content-security-policy"]


def test_advice_stands_beside_the_preview_and_an_error_keeps_it_from_approval(enter: Enter, world: World) -> None:
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    page = drafted(enter, world, ringkas="", teks="Termurah. Daftar di https://bit.ly/abc")
    composer = unescape(marketer.page(f"{page}/susun"))
    assert "Kalimat pengantar kosong" in composer
    assert "Kata “termurah”" in composer
    assert "Tautan pendek “https://bit.ly/abc”" in composer
    refused = marketer.post(f"{page}/ajukan")
    assert refused.status_code == 422
    assert "Tautan pendek “https://bit.ly/abc”" in unescape(refused.text)
    product = re.search(r'name="produk" value="(\d+)" checked', composer)
    version = re.search(r'name="versi" value="(\d+)"', composer)
    assert product
    assert version
    mended = {**typed(int(product[1]), ringkas="", teks="Termurah."), "versi": version[1], "aksi": "ajukan"}
    marketer.act(f"{page}/susun", mended)
    approver.act(f"{page}/setujui", {"versi": "2"})
    assert world.campaign(int(page.rsplit("/", 1)[1])).state is CampaignState.SCHEDULED


def test_a_trial_goes_to_oneself_alone_and_its_links_do_nothing(enter: Enter, world: World) -> None:
    page, marketer = drafted(enter, world), enter(Role.MARKETER)
    assert f'action="{page}/uji"' in marketer.page(f"{page}/susun")
    before = dump(world)
    led = marketer.act(f"{page}/uji", {"alamat": "orang@lain.example", "email": "orang@lain.example"})
    assert "Surel uji dikirim ke alamat Anda." in marketer.page(led)
    [trial] = world.outbox.sent
    assert marketer.user is not None
    assert trial.recipient_address == marketer.user.email
    assert trial.subject == "[Uji] Tenun baru"
    assert (trial.campaign, trial.feedback_id) == (0, "")
    assert trial.message_id.startswith("<uji.")

    nobody = enter(signed_in=False)
    after = dump(world)
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"audit_entry", "audit_head", "user_session", "session"}, changed
    assert world.audited()[-1] == "campaign.test"
    links = set(re.findall(r'(?:href|src)="(https://siar\.example/[^"]+)"', trial.html))
    assert len(links) > 4
    standing = dump(world)
    for link in links:
        nobody.get(unescape(link).removeprefix("https://siar.example"))
    leave = trial.unsubscribe_url.removeprefix("https://siar.example")
    assert nobody.client.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert nobody.client.post(leave, data={"lingkup": "all"}).status_code == 404
    assert dump(world) == standing
    marketer.act(f"{page}/uji")
    first, second = world.outbox.sent
    assert first.message_id != second.message_id, "the second is no repeat of the first"


def test_trials_are_rare_and_only_for_those_who_send(enter: Enter, world: World) -> None:
    page = drafted(enter, world)
    assert enter(Role.HEAD).post(f"{page}/uji").status_code == 403
    assert enter(Role.MARKETER, "blitar").post(f"{page}/uji").status_code == 404
    approver = enter(Role.APPROVER)
    answers = [approver.post(f"{page}/uji").status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    assert len(world.outbox.sent) == 10


def test_a_trial_that_nobody_carries_is_said_so(enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page, marketer = drafted(enter, world), enter(Role.MARKETER)
    refusing = lambda email: Deferred(email.key, "smtp_421", timedelta(minutes=5))  # noqa: E731  said in one line
    monkeypatch.setattr(world.outbox, "answer", refusing)
    assert "Surel uji belum terkirim." in marketer.page(marketer.act(f"{page}/uji"))
