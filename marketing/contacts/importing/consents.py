"""What a row says of consent: only with its time, its wording and its source does it count (UU 27/2022 Ps. 22, 24). Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from marketing.contacts.importing.columns import CONSENT_PREFIX, PURPOSE_WORDS, Field
from marketing.contacts.importing.words import CHECKS, NO, YES
from marketing.domain.consent import ConsentEvent, ConsentState, channel_of
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError
from marketing.tabular.dates import moment
from marketing.tabular.headings import key

LONGEST: Final = 200
_SEPARATORS: Final = re.compile(r"[;,|/\n]")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of consent. `stopped` are purposes that were refused at no stated time: they end a consent that stands."""

    events: tuple[ConsentEvent, ...] = ()
    stopped: tuple[Purpose, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()


NOTHING: Final = Said()


def read_consents(texts: Mapping[str, str], at: Cell, *, zone: tzinfo, now: datetime) -> Said:
    """Read the columns of consent, given by field; `at` is the cell of the time. Remarks name a field and say what is wrong."""
    remarks: list[tuple[str, str]] = []
    given, refused = _answers(texts, remarks)
    if not given and not refused:
        return Said(remarks=tuple(remarks)) if remarks else NOTHING
    moment_ = _moment(at, zone, now, remarks)
    wording, source = texts.get(Field.WORDING, ""), texts.get(Field.SOURCE, "")
    events: list[ConsentEvent] = []
    if given:
        remarks += _missing(moment_ is not None or bool(remarks), wording, source)
    if moment_ is not None and wording and source and max(len(wording), len(source)) <= LONGEST:
        events += [_line(purpose, ConsentState.GIVEN, moment_, wording, source) for purpose in given]
    if moment_ is not None:
        events += [
            _line(purpose, ConsentState.WITHDRAWN, moment_, wording[:LONGEST], source[:LONGEST]) for purpose in refused
        ]
    return Said(tuple(events), tuple(refused) if moment_ is None else (), tuple(remarks))


def _line(purpose: Purpose, state: ConsentState, at: datetime, wording: str, source: str) -> ConsentEvent:
    return ConsentEvent(purpose, state, at, wording, source, imported=True, channel=channel_of(purpose))


def _answers(texts: Mapping[str, str], remarks: list[tuple[str, str]]) -> tuple[Sequence[Purpose], Sequence[Purpose]]:
    """Return the purposes that were agreed to and those that were refused; a refusal goes before consent in the same row."""
    given: dict[Purpose, None] = {}
    refused: dict[Purpose, None] = {}
    for field, text in texts.items():
        if not text:
            continue
        if field == Field.CONSENT:
            given.update(dict.fromkeys(_listed(text, remarks)))
        elif field.startswith(CONSENT_PREFIX):
            purpose, answer = Purpose(field.removeprefix(CONSENT_PREFIX)), key(text)
            if answer in YES or text in CHECKS:
                given[purpose] = None
            elif answer in NO:
                refused[purpose] = None
            else:
                remarks.append((field, _("tulis “ya” atau “tidak”; persetujuan ini tidak dihitung")))
    return [purpose for purpose in given if purpose not in refused], list(refused)


def _listed(text: str, remarks: list[tuple[str, str]]) -> list[Purpose]:
    if key(text) in NO:
        return []
    found: list[Purpose] = []
    for word in _SEPARATORS.split(text[:LONGEST]):
        purpose = PURPOSE_WORDS.get(key(word))
        if purpose is not None:
            found.append(purpose)
        elif word.strip():
            remarks.append(
                (Field.CONSENT, _("sebutkan tujuannya, misalnya “promosi, buletin”; yang lain tidak dihitung"))
            )
            break
    return found


def _moment(at: Cell, zone: tzinfo, now: datetime, remarks: list[tuple[str, str]]) -> datetime | None:
    if at is None or at == "":
        return None
    try:
        found = datetime.fromisoformat(moment(at, zone))
    except UnreadableError as error:
        remarks.append((Field.CONSENT_AT, str(error)))
        return None
    except (ValueError, OverflowError):
        remarks.append((Field.CONSENT_AT, _("waktu tidak dapat dibaca; tulis misalnya 31/12/2025 14:30")))
        return None
    if found > now:
        remarks.append((Field.CONSENT_AT, _("waktu persetujuan di masa depan; persetujuan tidak dihitung")))
        return None
    return found


def _missing(has_time: bool, wording: str, source: str) -> list[tuple[str, str]]:
    wrong = [
        *([] if has_time else [(Field.CONSENT_AT, _("persetujuan tanpa waktu tidak dihitung (UU 27/2022 Ps. 24)"))]),
        *(
            []
            if wording
            else [(Field.WORDING, _("persetujuan tanpa versi kalimat tidak dihitung (UU 27/2022 Ps. 22)"))]
        ),
        *([] if source else [(Field.SOURCE, _("persetujuan tanpa sumber tidak dihitung (UU 27/2022 Ps. 24)"))]),
    ]
    if max(len(wording), len(source)) > LONGEST:
        wrong.append((Field.WORDING, _("lebih dari {limit} huruf").format(limit=LONGEST)))
    return [(str(field), text) for field, text in wrong]
