"""Our calls to WhatsApp against Meta's description of the Cloud API v23, where it lies at hand."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from marketing.channels.whatsapp.cloud_client import CloudClient
from marketing.demo.simulators.graph import APP_SECRET
from marketing.demo.simulators.server import Asked
from marketing.demo.simulators.whatsapp import NUMBER, TOKEN, WABA, WhatsAppServer
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import Draft, submission
from tests.support.cloud_api import CloudApi
from tests.support.whatsapp import PERSON, template

SPEC: Final = Path(os.environ.get("SIAR_SPECS", "")) / "whatsapp-cloud-api-v23.openapi.yaml"
API: Final = CloudApi(SPEC)

pytestmark = pytest.mark.skipif(
    not SPEC.is_file(), reason="SIAR_SPECS names no folder with the Cloud API's description"
)


def calls() -> Iterator[Asked]:
    """Make every call that we have, the messages in every form, and yield them."""
    with WhatsAppServer() as server:
        button = {"type": "URL", "text": "Lihat", "url": "https://siar.example/{{1}}"}
        server.templates.add("bergambar", "Baru: {{1}} dari UMKM.", header="IMAGE", buttons=[button])
        client = CloudClient(TOKEN, app_secret=APP_SECRET, host=server.url)
        client.number(NUMBER)
        client.account(WABA)
        client.number_ids(WABA)
        client.subscribe(WABA)
        draft = Draft(
            "kabar", "id", TemplateCategory.UTILITY, "Halo {{1}}, siap.", ("Ani",), "Dinas", "Lihat",
            "https://siar.example/{{1}}", "https://siar.example/a", "Berhenti",
        )  # fmt: skip
        made = client.create_template(WABA, submission(draft))
        list(client.templates(WABA))
        client.delete_template(WABA, "kabar", str(made["id"]))
        client.send_template(NUMBER, template())
        picture = "https://siar.example/a.jpg"
        client.send_template(
            NUMBER, template(template="bergambar", body=("Tenun",), header_picture=picture, buttons=("k/1",))
        )
        server.writes(PERSON, "STOP")
        client.send_text(NUMBER, PERSON, "Sudah kami hentikan.", answers="wamid.x")
        client.close()
        yield from server.asked


def test_every_call_fits_the_description() -> None:
    asked = list(calls())
    assert sorted({misfit for one in asked for misfit in API.misfits(one)}) == []
    made = {(one.method, one.path.rpartition("/")[2]) for one in asked}
    assert {("POST", "messages"), ("GET", "message_templates"), ("DELETE", "message_templates")} <= made


MESSAGE: Final[dict[str, Any]] = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": f"+{PERSON}",
    "type": "template",
    "template": {"name": "a", "language": {"policy": "deterministic", "code": "id"}},
}


@pytest.mark.parametrize(
    ("change", "misfit"),
    [
        ({"template": {"name": "a", "language": {"code": "id"}}}, "'policy' is a required property"),
        ({"template": {"language": MESSAGE["template"]["language"]}}, "'name' is a required property"),
        ({"recipient_type": "everybody"}, "'everybody' is not one of"),
        ({"to": 62812}, "62812 is not of type 'string'"),
        ({"type": "text", "text": {"body": 5}}, "5 is not of type 'string'"),
    ],
)
def test_a_call_that_meta_does_not_describe_is_found(change: dict[str, Any], misfit: str) -> None:
    asked = Asked(
        "POST", f"/v26.0/{NUMBER}/messages", (), {"authorization": "Bearer x"}, json.dumps(MESSAGE | change).encode()
    )
    assert any(misfit in found for found in API.misfits(asked)), list(API.misfits(asked))
