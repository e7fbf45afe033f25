"""TikTok before a server that keeps its rules: as a draft for a person, and as a direct post of an audited app."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing.channels.pace import Pace
from marketing.channels.social import Access, SocialProvider
from marketing.channels.tiktok.adapter import TikTokDoor
from marketing.demo.simulators.tiktok import CLIENT_KEY, CLIENT_SECRET, OPEN_ID, REFRESH, TOKEN, TikTokServer
from marketing.domain.types import ChannelName

if TYPE_CHECKING:
    from tests.conformance.social_suite import Bench

PATIENT = 5.0
DIRECT: Mapping[str, Any] = {"mode": "direct", "privacy": "PUBLIC_TO_EVERYONE", "comments": True}


def access(settings: Mapping[str, Any]) -> Access:
    return Access(SocialProvider.TIKTOK, OPEN_ID, "UMKM TTS", TOKEN, REFRESH, settings=settings)


@contextmanager
def _bench(
    make: "Callable[..., Bench]", settings: Mapping[str, Any], folder: Path, timeout: float = PATIENT
) -> Iterator["Bench"]:
    with TikTokServer() as server:
        yield make(
            channel=ChannelName.TIKTOK,
            server=server,
            door=TikTokDoor(Pace(), CLIENT_KEY, CLIENT_SECRET, server.url, timeout),
            access=access(settings),
            standing=lambda: len(server.drafts) + len(server.posts),
            submitting="/content/init/",
            folder=folder,
            delay=timedelta(minutes=1),
            secrets=(TOKEN, REFRESH, CLIENT_SECRET),
            can_tell=False,
        )


def benches(make: "Callable[..., Bench]") -> dict[str, Callable[..., AbstractContextManager[Any]]]:
    """Return the two benches; `make` is the suite's own Bench."""
    return {"tiktok": partial(_bench, make, {}), "tiktok_direct": partial(_bench, make, DIRECT)}
