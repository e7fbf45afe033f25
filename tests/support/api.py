"""A program of the Daerah that speaks to the interface with a key."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from marketing.accounts import api_keys
from marketing.contacts.asking import wordings_now
from marketing.domain.api_key import KeyScope
from marketing.domain.types import Purpose
from marketing.web.app import create_app
from tests.support.subscribing import MAIL
from tests.support.world import TENANT, World

Answer = Any


class Program:
    """One key and the client that carries it."""

    def __init__(
        self, client: TestClient, world: World, scopes: Collection[KeyScope] = tuple(KeyScope), tenant: str = TENANT
    ) -> None:
        self.client, self.world, self._numbers = client, world, 0
        with world.app.database.write() as session:
            key = api_keys.add(
                session, tenant_id=tenant, name="Situs resmi", scopes=scopes, user_id=None, now=world.clock()
            )
        self.key = key

    @classmethod
    @contextmanager
    def opened(cls, world: World) -> "Iterator[Program]":
        """Open the application once for many requests, and one key that may do everything."""
        app = create_app(world.app)
        with TestClient(app, base_url="https://siar.example", raise_server_exceptions=False) as client:
            yield cls(client, world)

    def other(self, *scopes: KeyScope, tenant: str = TENANT) -> "Program":
        """Another program beside this one."""
        return Program(self.client, self.world, scopes or tuple(KeyScope), tenant)

    def post(self, call: str, body: Any, *, name: str = "", **headers: str) -> Answer:
        """Post JSON under a new name, or under the one given."""
        self._numbers += 1
        named = {"Idempotency-Key": name or f"nomor-{self._numbers:06}", "Authorization": f"Bearer {self.key.secret}"}
        return self.client.post(f"/api/v1/{call}", json=body, headers={**named, **headers})

    def states(self, body: Any, **more: str) -> dict[str, str]:
        """Post a consent that is taken, and return what became of each box."""
        answer = self.post("consents", body, **more)
        assert answer.status_code == 200, answer.text
        return {one["purpose"]: one["state"] for one in answer.json()["decisions"]}

    def yes(self, purpose: Purpose = Purpose.PROMOTIONAL, language: str = "id") -> dict[str, Any]:
        """A ticked box, with the text in force."""
        with self.world.app.database.read() as session:
            text = wordings_now(session, TENANT, [purpose], language, self.world.clock())[purpose]
        shown = {"version": text.version, "language": text.language, "sha256": text.hash}
        return {"purpose": purpose, "given": True, "wording": shown}

    def checkout(self, *boxes: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """What a check-out sends."""
        return {
            "person": {"email": MAIL, "name": "Maria"},
            "decisions": list(boxes) or [self.yes()],
            "collected_at": self.world.clock().isoformat(),
            "source": "checkout",
            "page": "https://toko.example/bayar?sesi=rahasia#x",
            "order_id": "INV-17",
            "ip": "203.0.113.77",
            "user_agent": "Peramban",
            **changes,
        }

    def vouched(self, *boxes: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The same from a shop that confirmed the addresses itself."""
        proof = {"method": "link", "confirmed_at": self.world.clock().isoformat()}
        return self.checkout(*boxes, address_proof=proof, **changes)
