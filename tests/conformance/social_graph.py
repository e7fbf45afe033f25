"""Facebook and Instagram before a Graph API that keeps Meta's rules."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing.channels.facebook.adapter import FacebookDoor
from marketing.channels.instagram.adapter import InstagramDoor
from marketing.channels.social import Access, Registration, SocialProvider
from marketing.demo.simulators.graph import APP_ID, APP_SECRET, INSTAGRAM, PAGE, SHUT_MINUTES, TOKEN, GraphServer
from marketing.domain.types import ChannelName

if TYPE_CHECKING:
    from tests.conformance.social_suite import Bench

PATIENT = 5.0
APP = Registration(APP_ID, APP_SECRET)
PAGE_ACCESS = Access(SocialProvider.FACEBOOK, PAGE, "UMKM TTS", TOKEN)
INSTAGRAM_ACCESS = Access(SocialProvider.INSTAGRAM, INSTAGRAM, "umkm.tts", TOKEN)


@contextmanager
def _bench(
    make: "Callable[..., Bench]", channel: ChannelName, folder: Path, timeout: float = PATIENT
) -> Iterator["Bench"]:
    page = channel is ChannelName.FACEBOOK
    with GraphServer() as server:
        door = (FacebookDoor if page else InstagramDoor)(APP, lambda: server.now, server.url, timeout)
        yield make(
            channel=channel,
            server=server,
            door=door,
            access=PAGE_ACCESS if page else INSTAGRAM_ACCESS,
            standing=lambda: len(server.page.posts if page else server.instagram.media),
            submitting="/feed" if page else "/media_publish",
            folder=folder,
            delay=timedelta(minutes=SHUT_MINUTES),
            secrets=(TOKEN, APP_SECRET),
        )


def benches(make: "Callable[..., Bench]") -> dict[str, Callable[..., AbstractContextManager[Any]]]:
    """Return the two benches; `make` is the suite's own Bench."""
    return {
        "facebook": partial(_bench, make, ChannelName.FACEBOOK),
        "instagram": partial(_bench, make, ChannelName.INSTAGRAM),
    }
