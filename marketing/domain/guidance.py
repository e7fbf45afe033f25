"""What a pendamping can help each business with: its held products, gathered by topic, with the next step.

Perbup TTS 17/2025 Ps. 9(1): guidance on legality (a), standards and certificates (b), capital (c), management (d) and
marketing (e); the gate can only tell a, b and e. Perwali Blitar 24/2024 Ps. 12(1)b and (3): guidance of the Penyedia by
information and counselling, without naming topics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from marketing.domain.product import Business, Product
from marketing.domain.regulations.base import Reason


class Topic(StrEnum):
    """What the guidance is about, in the order of Ps. 9(1)."""

    LEGALITY = "legalitas"
    STANDARDS = "standardisasi dan sertifikasi"
    MARKETING = "pemasaran"


TOPIC_OF: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "TTS 1(6)": Topic.MARKETING,
        "TTS 10(1)a": Topic.LEGALITY,
        "TTS 10(1)b": Topic.LEGALITY,
        "TTS 10(1)c": Topic.MARKETING,
        "TTS 10(1)d": Topic.LEGALITY,
        "TTS 10(1)e": Topic.LEGALITY,
        "TTS 10(2)": Topic.STANDARDS,
        "Blitar 6(2)b": Topic.MARKETING,
        "Blitar 8(1)": Topic.LEGALITY,
        "Blitar 8(2)": Topic.MARKETING,
        "Blitar 8(3)": Topic.STANDARDS,
        "Blitar 9(1)a": Topic.MARKETING,
        "Blitar 9(1)b": Topic.MARKETING,
        "Blitar 9(1)c": Topic.MARKETING,
    }
)
"""Every code of every regulation; a test keeps this complete."""
_LETTERS: Final = {Topic.LEGALITY: "a", Topic.STANDARDS: "b", Topic.MARKETING: "e"}


def basis_of(topic: Topic, regulation: str) -> str:
    """Return the article by which the Dinas gives this guidance; `regulation` is the package name."""
    if regulation == "perbup_tts_17_2025":
        return f"Perbup TTS 17/2025 Pasal 9 ayat (1) huruf {_LETTERS[topic]}"
    return "Perwali Blitar 24/2024 Pasal 12 ayat (1) huruf b dan ayat (3)"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, how many products it holds, and what cures it."""

    topic: Topic
    basis: str
    code: str
    text: str
    cure: str
    products: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many products it holds."""
        return len(self.products)


@dataclass(frozen=True, slots=True)
class BusinessDigest:
    """One business with everything that keeps its products back."""

    row_id: int
    business: Business
    total: int
    held: int
    gaps: tuple[Gap, ...]

    @property
    def next_step(self) -> str:
        """What to do first: what keeps most products back; at equal numbers legality before certificates before marketing."""
        return max(self.gaps, key=lambda gap: gap.count).cure if self.gaps else ""

    def of_topic(self, topic: Topic) -> tuple[Gap, ...]:
        """Return the gaps of one topic."""
        return tuple(gap for gap in self.gaps if gap.topic is topic)


def digest_of(
    row_id: int, regulation: str, judged: Iterable[tuple[Product, Sequence[Reason]]]
) -> BusinessDigest | None:
    """Gather the products of one business with the reasons that hold them; None without any product.

    What is missing on the business itself holds each of its products and stands here once. Gaps come in the order of the
    topics, within one by how many products they hold.
    """
    business: Business | None = None
    total = held = 0
    found: dict[tuple[str, str, str], list[str]] = {}
    for product, reasons in judged:
        business = product.business
        total += 1
        held += bool(reasons)
        for reason in dict.fromkeys((reason.code, reason.text, reason.cure) for reason in reasons):
            found.setdefault(reason, []).append(product.name or product.id)
    if business is None:
        return None
    gaps = [
        Gap(TOPIC_OF[code], basis_of(TOPIC_OF[code], regulation), code, text, cure, tuple(products))
        for (code, text, cure), products in found.items()
    ]
    order = list(Topic)
    gaps.sort(key=lambda gap: (order.index(gap.topic), -gap.count))
    return BusinessDigest(row_id, business, total, held, tuple(gaps))
