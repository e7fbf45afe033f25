"""What every publisher must do, written once; a new channel is tested by standing in the registry.

`Bench` is one publisher with its own empty folder; the checks take a bench and know nothing about the channel behind it.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from marketing.channels.base import (
    Absent,
    AwaitingHuman,
    Failed,
    Preparing,
    Published,
    Publisher,
    PublishOutcome,
    Ready,
)
from marketing.channels.registry import build_publishers, compose
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.content import MediaRule, OutboundPost, PostPicture
from marketing.domain.types import ChannelName

DINAS = "Dinas Perindagkop UMKM TTS"
PUBLIC_URL = "http://127.0.0.1:8000"
PICTURE = PostPicture("gambar/keripik.jpg", "https://umkm.ttskab.example/gambar/keripik.jpg", "Keripik", 1080, 1080)
HOSTILE = (
    "<script>alert(1)</script>",
    "]]><x/>",
    "harga \u202e000.5 pR",
    "nul\x00 dan \x1b[31mmerah",
    "*tebal* _miring_ ~coret~ ```kode```",
    "[klik](javascript:alert(1))",
    "https://jahat.example/?a=1&b=2",
    "#a#b #c #d #e #f #g @x @y",
    "../../etc/passwd",
    "{{ 7*7 }} {% raw %}",
    "👨‍👩‍👧‍👦🇮🇩" * 20,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """One publisher and the folders it may write to."""

    channel: ChannelName
    publisher: Publisher
    root: Path

    @classmethod
    def of(cls, channel: ChannelName, root: Path) -> "Bench":
        publishers = build_publishers(outbox_dir=root / "keluar", website_dir=root / "situs", public_url=PUBLIC_URL)
        return cls(channel, publishers[channel], root)

    def post(self, marker: str = "m-1", **changes: Any) -> OutboundPost:
        return replace(compose(self.channel, brief(marker), DINAS), **changes)

    def publish(self, *posts: OutboundPost) -> list[PublishOutcome]:
        return [self._publish(post) for post in posts]

    def _publish(self, post: OutboundPost) -> PublishOutcome:
        ready = self.publisher.prepare(post, "")
        assert not isinstance(ready, Preparing), "a folder has nothing to wait for"
        return self.publisher.submit(post, ready.note) if isinstance(ready, Ready) else ready

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def stored(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text("utf-8")) for path in self.files()]


def brief(marker: str = "m-1", words: str = "Camilan khas SoE, baru digoreng pagi ini.") -> PostBrief:
    product = BriefProduct(
        "p1",
        "Keripik Pisang",
        "Dapur Mama Yuli",
        "Rp15.000",
        "https://umkm.ttskab.example/p/1",
        "WhatsApp 0812-3456-7890",
        PICTURE,
    )
    return PostBrief(
        f"k-{marker}",
        "tts",
        marker,
        "Renyah dari SoE",
        words,
        "https://umkm.ttskab.example/tts/promo/m",
        (product,),
        ("umkm",),
    )


def hostile_brief(text: str) -> PostBrief:
    product = BriefProduct("p1", text, text, text, text, text, PICTURE)
    return PostBrief("k", "tts", "m-1", text, text, text, (product,) * 3, (text, text))


def check_capabilities_are_declared(bench: Bench) -> None:
    limits = bench.publisher.capabilities
    assert bench.publisher.name is bench.channel is limits.channel
    assert limits.max_text > 0
    assert "2026" in limits.source, "a limit without page and date cannot be checked"
    assert limits.needs_human == bool(limits.human_step)
    assert not (limits.needs_human and limits.can_delete)


def check_published_once_per_marker(bench: Bench) -> None:
    first, second = bench.publish(bench.post()), bench.publish(bench.post(text="Teks lain yang datang belakangan."))
    assert first == second
    (outcome,) = first
    if bench.publisher.capabilities.needs_human:
        assert isinstance(outcome, AwaitingHuman)
        assert outcome.instruction == bench.publisher.capabilities.human_step
    else:
        assert isinstance(outcome, Published)
        assert outcome.permalink.startswith(PUBLIC_URL)
        assert outcome.permalink.endswith("m-1")
    (record,) = bench.stored()
    assert record["text"] == bench.post().text, "the standing post is the first one"
    assert record["handle"] == outcome.handle


def check_looking_up_publishes_nothing(bench: Bench) -> None:
    post = bench.post()
    assert isinstance(bench.publisher.find(post, ""), Absent)
    assert bench.files() == []
    outcome = bench.publish(post)[0]
    assert bench.publisher.find(post, "") == outcome


def check_unsupported_content_stores_nothing(bench: Bench) -> None:
    limits = bench.publisher.capabilities
    bad = [
        bench.post("m-panjang", text="a" * (limits.max_text + 1)),
        bench.post("m-gambar", pictures=(PICTURE,) * (limits.max_pictures + 1)),
    ]
    bad += [bench.post("m-format", pictures=(replace(PICTURE, path="a.tiff"),)), bench.post("m-kosong", text=" ")]
    if limits.max_title is not None:
        bad.append(bench.post("m-judul", title="a" * (limits.max_title + 1)))
    if limits.max_hashtags is not None:
        bad.append(bench.post("m-tagar", text=" ".join(f"#t{number}" for number in range(limits.max_hashtags + 1))))
    if limits.media is MediaRule.REQUIRED:
        bad.append(bench.post("m-tanpa-gambar", pictures=()))
    if not limits.links:
        bad.append(bench.post("m-tautan", link="https://umkm.ttskab.example"))
    outcomes = bench.publish(*bad)
    assert [outcome.key for outcome in outcomes] == [post.key for post in bad]
    for outcome in outcomes:
        assert isinstance(outcome, Failed)
        assert outcome.reason == "unsupported"
        assert outcome.detail.endswith("."), "the reason is a sentence for people"
    assert bench.files() == []


def check_one_outcome_per_item(bench: Bench) -> None:
    batch = [bench.post("m-1"), bench.post("m-2", text=""), bench.post("m-3"), bench.post("m-1"), bench.post("../x")]
    outcomes = bench.publish(*batch)
    assert sorted(outcome.key for outcome in outcomes) == sorted(post.key for post in batch)
    assert [isinstance(outcome, Failed) for outcome in outcomes] == [False, True, False, False, True]
    assert len(bench.files()) == 2
    assert bench.publish() == []


def check_hostile_text_is_carried_safely(bench: Bench, text: str) -> None:
    post = compose(bench.channel, hostile_brief(text), DINAS)
    (outcome,) = bench.publish(post)
    assert not isinstance(outcome, Failed), outcome
    (record,) = bench.stored()
    assert record["text"] == post.text
    assert not set(post.text) & set("\x00\x1b\u202e")
    assert post.link in {"", text}


def check_withdraw_is_idempotent(bench: Bench) -> None:
    (outcome,) = bench.publish(bench.post())
    assert not isinstance(outcome, Failed)
    handle = outcome.handle  # type: ignore[union-attr]  # a sandbox answers only with outcomes that have one
    gone = bench.publisher.capabilities.can_delete
    assert [bench.publisher.withdraw(handle) for _ in range(3)] == [gone] * 3
    # a folder of ours is taken down whatever the real channel could do; the answer says what that is
    assert [record["withdrawn"] for record in bench.stored()] == [True]
    (again,) = bench.publish(bench.post())
    assert isinstance(again, Failed), "what a recall took down stays down"
    if gone:
        assert bench.publisher.withdraw("tts.tidak-pernah-ada"), "what was never there is gone already"
        assert len(bench.files()) == 1


def check_unsafe_marker_is_refused(bench: Bench, marker: str) -> None:
    outcomes = bench.publish(bench.post(marker), bench.post(tenant=marker))
    assert all(isinstance(outcome, Failed) and outcome.reason == "unsafe_marker" for outcome in outcomes)
    assert bench.files() == []
