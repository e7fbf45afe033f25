"""`siar social whatsapp…`: a number let in, its templates taken in, submitted and deleted, against a simulated Cloud API."""

import json
from collections.abc import Iterator

import pytest

from marketing.demo.simulators.graph import APP_ID, APP_SECRET
from marketing.demo.simulators.whatsapp import NUMBER, TOKEN, WABA, WhatsAppServer
from tests.functional.cli.conftest import Siar

WHO = ("--tenant", "tts", "--as", "operator@dinas.example")
TEMPLATES = ("social", "whatsapp-templates")


@pytest.fixture
def server() -> Iterator[WhatsAppServer]:
    with WhatsAppServer() as one:
        one.held = None  # the command's clock is the real one
        yield one


def test_the_whole_life_of_a_number_and_its_templates(
    siar: Siar, server: WhatsAppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["kata sandi panjang", "EAAsalah", TOKEN]
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: said.pop(0))
    keys = {"SIAR_WHATSAPP_HOST": server.url, "SIAR_META_APP_ID": APP_ID, "SIAR_META_APP_SECRET": APP_SECRET}
    assert siar("migrate").code == 0
    assert siar("user", "operator@dinas.example", "--tenant", "tts", "--role", "operator", "--name", "Op").code == 0
    connect = ("social", "whatsapp", *WHO, "--number", NUMBER, "--account")
    refused = siar(*connect, WABA, **keys)
    assert (refused.code, "Hubungkan ulang" in refused.sentence) == (1, True), refused.err
    done = siar(*connect, WABA, **keys)
    assert done.code == 0, done.err
    assert ("Dinas Koperasi UMKM TTS" in done.out, "2 templat" in done.out, server.subscribed) == (True, True, True)
    assert "SIAR_META_VERIFY_TOKEN" in done.out
    assert TOKEN not in done.out + done.err
    assert siar(*connect, "salah", **keys).code == 1

    draft = ("--name", "kabar_tenun", "--body", "Halo {{1}}, ada tenun baru.", "--leave", "Berhenti promosi")
    bare = siar(*TEMPLATES, "submit", *WHO, *draft, **keys)
    assert (bare.code, "contoh" in bare.sentence) == (1, True)
    made = siar(*TEMPLATES, "submit", *WHO, *draft, "--example", "Ani", **keys)
    assert made.code == 0, made.err
    assert siar(*TEMPLATES, "submit", *WHO, *draft, "--example", "Ani", **keys).code == 1, "Meta has it already"
    listed = json.loads(siar(*TEMPLATES, "list", "--tenant", "tts", "--json").out)["templates"]
    states = {one["name"]: one["state"] for one in listed}
    assert states == {"kabar_tenun": "pending", "promo_umkm": "approved", "pesanan_dikirim": "approved"}
    server.decides("kabar_tenun", "REJECTED", "PROMOTIONAL")
    assert siar(*TEMPLATES, "sync", *WHO, **keys).code == 0
    (told,) = [line for line in siar(*TEMPLATES, "list", "--tenant", "tts").out.splitlines() if "kabar_tenun" in line]
    assert "rejected" in told
    assert "PROMOTIONAL" in told
    number = next(one["number"] for one in listed if one["name"] == "kabar_tenun")
    assert siar(*TEMPLATES, "remove", str(number), *WHO, **keys).code == 0
    assert ("kabar_tenun", "id") not in server.templates.standing
