"""Whether what a program sends can be an answer at all, and on which text each yes was given (UU 27/2022 Ps. 21, 22, 24)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from marketing.accounts.api_keys import Caller
from marketing.contacts import wordings
from marketing.contacts.outside.said import Box, Collected
from marketing.contacts.suppressions import Reach
from marketing.contacts.wordings import WordingAges
from marketing.domain.api_key import KeyScope
from marketing.domain.consent import channel_of
from marketing.domain.consent_wording import Standing, Wording, text_hash
from marketing.domain.outside_consent import SKEW, Answer, is_timely
from marketing.domain.permission import PUBLIC_TASK
from marketing.domain.text import cleaned
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _


@dataclass(slots=True)
class Work:
    """One request under way; `texts` are those that each yes was given on, known once it is checked."""

    session: Session
    caller: Caller
    collected: Collected
    now: datetime
    reaches: Mapping[ChannelName, Reach]
    ages: WordingAges
    texts: dict[Purpose, Wording] = field(default_factory=dict)

    @property
    def tenant_id(self) -> str:
        """The Daerah of the key."""
        return self.caller.tenant_id


def check(work: Work) -> None:
    """Refuse what no answer to a box can be; every yes gets the text that it was given on.

    InvalidInputError, its field a JSON pointer into the request.
    """
    collected = work.collected
    if not is_timely(collected.collected_at, work.now):
        raise InvalidInputError(
            _(
                "Waktu persetujuan harus dalam 72 jam terakhir. Yang lebih lama dimasukkan lewat impor, dengan buktinya."
            ),
            field="/collected_at",
        )
    if collected.vouched is not None and KeyScope.VOUCH not in work.caller.scopes:
        raise InvalidInputError(
            _("Kunci ini tidak berizin menyatakan alamat sudah dikonfirmasi (vouch)."), field="/address_proof"
        )
    if collected.vouched is not None and collected.vouched.at > work.now + SKEW:
        raise InvalidInputError(_("Waktu konfirmasi alamat belum terjadi."), field="/address_proof/confirmed_at")
    for place, box in enumerate(collected.boxes):
        if box.answer is Answer.YES:
            _check_yes(work, box, f"/decisions/{place}")


def _check_yes(work: Work, box: Box, pointer: str) -> None:
    if box.purpose in PUBLIC_TASK:
        raise InvalidInputError(
            _("Sosialisasi adalah tugas publik dan tidak dimintakan persetujuan."), field=f"{pointer}/purpose"
        )
    channel = channel_of(box.purpose)
    if channel not in work.reaches:
        raise InvalidInputError(
            _("Tujuan ini memerlukan alamat surel.")
            if channel is ChannelName.EMAIL
            else _("Persetujuan untuk Telegram hanya diberikan dalam obrolan dengan bot Dinas.")
            if channel is ChannelName.TELEGRAM
            else _("Tujuan ini memerlukan nomor telepon."),
            field=f"{pointer}/purpose",
        )
    if channel is not ChannelName.EMAIL and work.collected.vouched is None:
        raise InvalidInputError(
            _("Nomor telepon tidak dapat dikonfirmasi lewat surel. Sertakan address_proof."), field="/address_proof"
        )
    work.texts[box.purpose] = _text(work, box, pointer)


def _text(work: Work, box: Box, pointer: str) -> Wording:
    """Return the published text that stood beside the box; any other proves nothing (UU 27/2022 Ps. 21, 22, 24)."""
    shown = box.shown
    if shown is None:
        raise InvalidInputError(_("Sebutkan teks persetujuan yang ditampilkan."), field=f"{pointer}/wording")
    found = wordings.find(
        work.session, work.tenant_id, version=shown.version, purpose=box.purpose, language=shown.language
    )
    hashed = shown.hash.lower() or text_hash(cleaned(shown.text).strip())
    if found is None or found.hash != hashed:
        raise InvalidInputError(
            _("Teks ini bukan teks persetujuan yang terbit. Ambil teksnya dari /api/v1/wordings dan tampilkan utuh."),
            field=f"{pointer}/wording",
        )
    if work.ages.standing(box.purpose, shown.version) not in (Standing.CURRENT, Standing.ACCEPTED):
        raise InvalidInputError(
            _("Teks persetujuan ini sudah diganti. Ambil teks terbaru dari /api/v1/wordings."),
            field=f"{pointer}/wording/version",
        )
    return found
