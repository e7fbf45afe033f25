"""A person's browser over the real application."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.testclient import TestClient

from marketing.db.models import User
from marketing.domain.types import ChannelName
from marketing.web.deps import SESSION_COOKIE
from marketing.web.security import csrf_token
from tests.support.world import World

PASSWORD = "kata sandi panjang"
PERSON = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
Answer = Any


class Visit:
    """One browser; `user` is None while nobody is signed in."""

    def __init__(self, client: TestClient, world: World, user: User | None = None) -> None:
        self.client, self.world, self.user = client, world, user

    @property
    def csrf(self) -> str:
        secret = self.client.cookies.get(SESSION_COOKIE, "")
        return csrf_token(self.world.app.settings.signing_key, secret)

    def get(self, path: str, **more: Any) -> Answer:
        return self.client.get(path, **more)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.text)

    def post(self, path: str, data: Mapping[str, str | Sequence[str]] | None = None, **more: Any) -> Answer:
        """Post as a form of ours would."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)

    def act(self, path: str, data: Mapping[str, str | Sequence[str]] | None = None) -> str:
        """Post, expect to be led on, and return where to."""
        answer = self.post(path, data)
        assert answer.status_code == 303, (path, answer.status_code, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-600:])
        return str(answer.headers["location"])


Enter = Callable[..., Visit]


def sign_in(visit: Visit, email: str, password: str = PASSWORD) -> Answer:
    """Fill in the log-in page."""
    token = re.search(r'name="csrf" value="([^"]+)"', visit.page("/masuk"))
    assert token
    return visit.client.post("/masuk", data={"csrf": token[1], "email": email, "sandi": password})


def typed(*products: int, **changes: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    """What a marketer fills into the composer; the clock of the tests stands at 22 November 2026, 09.00 WITA."""
    return {
        "nama": "Tenun pekan ini",
        "jenis": "promotional",
        "produk": [str(product) for product in products],
        "judul": "Tenun baru dari SoE",
        "teks": "Tiga tenun baru.\n\nPesan langsung.",
        "subjek": "Tenun baru",
        "ringkas": "Dari SoE",
        "kanal": [ChannelName.EMAIL],
        "penerima": "semua",
        "tanggal": "2026-11-22",
        "jam": "09:00",
        **changes,
    }
