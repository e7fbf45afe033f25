"""A complaint with its four documents: what is in, what is missing, and where it stands (Perwali Blitar 24/2024 Ps. 10(2), (3))."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

ARTICLE: Final = "Perwali Blitar 24/2024 Ps. 10(3)"
REQUIRED: Final = ("bukti_persetujuan_pemesanan", "bukti_pembayaran", "bukti_pengiriman", "foto_produk")
"""The documents of Ps. 10(3)a-d, in the order of the article."""
COMPLETE_WITHIN: Final = timedelta(days=7)
"""By when the buyer is asked to hand in what is missing. The regulation sets no time: this is the office's own wish, and
nothing is refused when it has passed."""
_ALSO: Final[Mapping[str, str]] = {
    "dokumentasi_produk": "foto_produk",
    "foto": "foto_produk",
    "bukti_persetujuan": "bukti_persetujuan_pemesanan",
}
_RESOLVED: Final = frozenset({"resolved", "selesai", "closed", "ditutup", "accepted", "dikabulkan"})
_REJECTED: Final = frozenset({"rejected", "ditolak", "denied"})


class ComplaintStage(StrEnum):
    """Where a complaint stands; a status nobody knows counts as open."""

    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    RESOLVED = "resolved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the catalogue says; `documents` are the addresses (or numbers) of what was handed in, by kind."""

    opened_at: datetime
    text: str
    status: str
    documents: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """The required documents that were not handed in."""
        return tuple(kind for kind in REQUIRED if not self.documents.get(kind))

    @property
    def stage(self) -> ComplaintStage:
        """Where it stands: decided, complete, or waiting for documents."""
        status = self.status.strip().lower()
        if status in _RESOLVED:
            return ComplaintStage.RESOLVED
        if status in _REJECTED:
            return ComplaintStage.REJECTED
        return ComplaintStage.INCOMPLETE if self.missing else ComplaintStage.COMPLETE

    @property
    def due_at(self) -> datetime:
        """By when missing documents are asked for."""
        return self.opened_at + COMPLETE_WITHIN


def document_of(kind: str) -> str:
    """Return the kind as Ps. 10(3) names it, whatever the catalogue calls it."""
    plain = "_".join(kind.strip().lower().replace("-", " ").split())
    return _ALSO.get(plain, plain)
