"""What a person is told when asked, and whether what they were told then still holds (UU 27/2022 Ps. 21, 22)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from marketing.domain.types import Purpose


class Element(StrEnum):
    """What Ps. 21(1) a to g ask to be told, in this order."""

    LEGALITY = "legality"
    PURPOSE = "purpose"
    DATA = "data"
    RETENTION = "retention"
    DETAILS = "details"
    PERIOD = "period"
    RIGHTS = "rights"


LABELS: Final[Mapping[str, Mapping[Element, str]]] = {
    "id": {
        Element.LEGALITY: "Dasar hukum",
        Element.PURPOSE: "Tujuan",
        Element.DATA: "Data dan kaitannya",
        Element.RETENTION: "Penyimpanan dokumen",
        Element.DETAILS: "Rincian yang dikumpulkan",
        Element.PERIOD: "Lama pemrosesan",
        Element.RIGHTS: "Hak Anda",
    },
    "en": {
        Element.LEGALITY: "Legal basis",
        Element.PURPOSE: "Purpose",
        Element.DATA: "Data and why",
        Element.RETENTION: "Keeping of documents",
        Element.DETAILS: "What is collected",
        Element.PERIOD: "How long we process",
        Element.RIGHTS: "Your rights",
    },
}
_SHORTEST: Final = 20  # characters; a label with a word behind it tells nothing
_VERSION = re.compile(r"\d{4}-\d{1,3}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one language; `hash` is the SHA-256 of its UTF-8 bytes, in hex."""

    version: str
    purpose: Purpose
    language: str
    text: str
    hash: str
    valid_from: datetime

    @property
    def question(self) -> str:
        """The sentence beside the check box: the first line."""
        return self.text.partition("\n")[0]


class Standing(StrEnum):
    """What the text of a consent is today. Only OUTDATED asks for a new consent.

    FOREIGN is a text that another system showed; whether its consent counts was decided when it was taken in.
    """

    CURRENT = "current"
    ACCEPTED = "accepted"
    OUTDATED = "outdated"
    FOREIGN = "foreign"


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def composed(question: str, told: Mapping[Element, str], language: str) -> str:
    """Return the whole text: the question, then one labelled line for each element of Ps. 21(1)."""
    labels = LABELS[language]
    return "\n".join([question, "", *(f"{labels[element]}: {told[element]}" for element in Element)])


def missing_elements(text: str, language: str) -> tuple[Element, ...]:
    """Return the elements of Ps. 21(1) that the text does not tell under their labels, in the order of the law."""
    lines = dict(line.partition(":")[::2] for line in text.splitlines())
    told = {label.strip().casefold(): " ".join(said.split()) for label, said in lines.items()}
    labels = LABELS[language]
    return tuple(
        element
        for element in Element
        if len(said := told.get(labels[element].casefold(), "")) < _SHORTEST or "{" in said
    )


def is_version(version: str) -> bool:
    """Return whether this names a version: a series as 2026-1, or a revision of its words as 2026-1.2."""
    return _VERSION.fullmatch(version) is not None


def series(version: str) -> str:
    """Return the series: revisions within it say the same in other words, another series says something else."""
    return version.partition(".")[0]


def current_version(published: Iterable[tuple[str, datetime]], now: datetime) -> str:
    """Return the version in force of (version, valid from): the latest that has begun, or nothing."""
    begun = [(valid_from, _numbers(version), version) for version, valid_from in published if valid_from <= now]
    return max(begun, default=(now, (), ""))[2]


def standing(version: str, published: Iterable[tuple[str, datetime]], now: datetime) -> Standing:
    """Judge the text of a consent: a purpose or data that changed asks anew (Ps. 21(2)), mended words do not."""
    known = tuple(published)
    current = current_version(known, now)
    if version == current:
        return Standing.CURRENT
    if version not in {one for one, _valid_from in known}:
        return Standing.FOREIGN
    return Standing.ACCEPTED if series(version) == series(current) else Standing.OUTDATED


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.split(r"[-.]", version) if part.isdigit())
