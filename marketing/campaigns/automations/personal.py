"""Retention (after inactivity) and personalised mail (from purchase history): TTS Ps. 7(3)d and e."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from marketing.campaigns.automations.base import Asking, Run
from marketing.campaigns.automations.history import (
    History,
    Shelf,
    promotable_shelf,
    purchase_histories,
    topics_of_willing,
)
from marketing.campaigns.planner import Addressee
from marketing.domain.campaign import CampaignContent
from marketing.domain.permission import SkipReason, skipped
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.products.catalogue import least_shown
from marketing.recommend.own_frequency import Choice, choose
from marketing.tenants.profile import TenantProfile

PRODUCTS = 4
FILL = 40


class _Personal(ABC):
    slug: str
    email_type: EmailType
    variant: str

    def _run(self, period: str, name: str, *, subject: str, preheader: str, headline: str, body: str) -> Run:
        content = CampaignContent(
            email_type=self.email_type,
            variant=self.variant,
            subject=subject,
            preheader=preheader,
            headline=headline,
            body=body,
            product_ids=(),
            channels=(ChannelName.EMAIL,),
        )
        return Run(f"{self.slug}-{period}", name, content)

    def settle(self, session: Session, run: Run, asking: Asking) -> bool:  # noqa: ARG002  a port: nothing of these waits
        """Do nothing: a run of these is planned once."""
        return False

    def addressees(self, session: Session, run: Run, asking: Asking) -> Iterator[Addressee]:  # noqa: ARG002  a port
        """Return each person the rule concerns, with products: from what they liked where they agreed to that, else fair ones."""
        profile, now = asking.profile, asking.now
        threshold = now - timedelta(days=profile.inactive_days)
        shelf, fill = promotable_shelf(session, profile.id), least_shown(session, profile.id, FILL)
        histories, willing = purchase_histories(session, profile.id), topics_of_willing(session, profile.id)
        people = {**{row_id: History() for row_id, topics in willing.items() if topics}, **histories}
        for contact_id, history in sorted(people.items()):
            if not self.concerns(history, threshold):
                continue
            liked = history if contact_id in willing else History()
            chosen = _chosen(contact_id, liked, willing.get(contact_id, ()), shelf, fill)
            context: dict[str, Any] = {"products": [_kept(choice) for choice in chosen]}
            if history.last_order is not None:
                context["last_order"] = history.last_order.isoformat()
            yield Addressee(contact_id, context, verdict=None if chosen else skipped(SkipReason.NOTHING_TO_SAY))

    @abstractmethod
    def concerns(self, history: History, threshold: datetime) -> bool:
        """Return whether the rule concerns a person with this history."""


class Retention(_Personal):
    """Once a quarter to buyers whose last order is older than the tenant's threshold: the cool-down is the quarter."""

    slug = "retensi"
    email_type = EmailType.RETENTION
    variant = "lama_tidak_berjumpa"

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:
        """Return the run of this quarter."""
        local = now.astimezone(profile.tz)
        quarter = (local.month - 1) // 3 + 1
        yield self._run(
            f"{local.year}-t{quarter}",
            _("Retensi triwulan {quarter} {year}").format(quarter=quarter, year=local.year),
            subject=_("Lama tidak berjumpa"),
            preheader=_("Produk yang pernah Anda beli, dan beberapa yang baru."),
            headline=_("Lama tidak berjumpa"),
            body=_(
                "Sudah cukup lama sejak pesanan terakhir Anda. Produk yang pernah Anda beli masih dibuat oleh perajin yang sama, "
                "dan ada beberapa yang baru."
            ),
        )

    def concerns(self, history: History, threshold: datetime) -> bool:
        """Return whether the person has been inactive."""
        return history.last_order is not None and history.last_order < threshold


class Personalised(_Personal):
    """Once a month to active buyers."""

    slug = "pilihan"
    email_type = EmailType.PERSONALISED
    variant = "pilihan"

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:
        """Return the run of this month."""
        local = now.astimezone(profile.tz)
        yield self._run(
            f"{local.year}-{local.month:02}",
            _("Pilihan pribadi {month:02}/{year}").format(month=local.month, year=local.year),
            subject=_("Pilihan untuk Anda bulan ini"),
            preheader=_("Dari pesanan dan topik Anda, dengan alasan di setiap produk."),
            headline=_("Pilihan untuk Anda"),
            body=_(
                "Produk di bawah ini kami pilih dari riwayat belanja dan topik pilihan Anda."
                " Alasannya tertulis di setiap produk."
            ),
        )

    def concerns(self, history: History, threshold: datetime) -> bool:
        """Return whether the person is active, or has only said what they like."""
        return history.last_order is None or history.last_order >= threshold


def _chosen(
    contact_id: int, history: History, topics: Sequence[str], shelf: Shelf, fill: Sequence[int]
) -> list[Choice]:
    """Return the products for one person; everyone gets another part of each group, so that none crowns a few."""
    return choose(
        history.bought,
        shelf.products,
        _turned(fill, contact_id),
        size=PRODUCTS,
        sellers=_turned(
            [one for seller in sorted(history.sellers) for one in shelf.by_seller.get(seller, ())], contact_id
        ),
        topics=_turned([one for topic in topics for one in shelf.by_category.get(topic, ())], contact_id),
    )


def _turned(row_ids: Sequence[int], number: int) -> list[int]:
    start = number % len(row_ids) if row_ids else 0
    return [*row_ids[start:], *row_ids[:start]]


def _kept(choice: Choice) -> dict[str, Any]:
    """Return what the message keeps of a choice; its words are made when it is written, in the reader's language."""
    return {"id": choice.product_id, "why": choice.why.value, "times": choice.times}
