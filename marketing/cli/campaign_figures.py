"""What came of a campaign, as one object for other programs and as lines for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketing.db.models import Campaign
from marketing.delivery.ledger import ledger_of
from marketing.delivery.post_figures import PostResult, results_of
from marketing.domain.events import EventType
from marketing.domain.insights import MeasuringState, Metric, totals
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web.building.reach import LABELS
from marketing.web.building.words import moment_text, number_text
from marketing.web.queries.campaigns import engagement
from marketing.web.views.states import channel_label, chip_of


def figures_of(session: Session, campaign: Campaign) -> dict[str, Any]:
    """Return the figures; times are in ISO 8601 (UTC), what is not known is null.

    `sums` holds only what may be added up, with the number of posts that gave it.
    """
    ledger = ledger_of(session, [campaign])
    people, machines = engagement(session, campaign.tenant_id, campaign.id).get(EventType.CLICKED, (0, 0))
    results = results_of(session, campaign.tenant_id, campaign.id)
    return {
        "number": campaign.id,
        "name": campaign.name,
        "state": campaign.state.value,
        "started_at": _iso(campaign.started_at),
        "mail": {
            "audience": ledger.audience,
            "states": {state.value: number for state, number in ledger.by_state.items()},
            "clicks": people,
            "machine_clicks": machines,
        },
        "posts": [_post(one) for one in results],
        "sums": {
            metric.value: {"number": total.number, "posts": total.posts}
            for metric, total in totals(one.numbers for one in results).items()
        },
        "link_clicks": sum(one.clicks for one in results),
        "machine_link_clicks": sum(one.machine_clicks for one in results),
    }


def lines_of(found: Mapping[str, Any], profile: TenantProfile) -> Iterator[str]:
    """Yield the same for people."""
    yield f"{found['name']} ({chip_of(found['state']).label})"
    mail = found["mail"]
    if mail["audience"]:
        said = _("Surel: {audience} orang, {clicks} klik orang, {machines} klik mesin tidak dihitung")
        yield said.format(
            audience=number_text(mail["audience"]),
            clicks=number_text(mail["clicks"]),
            machines=number_text(mail["machine_clicks"]),
        )
    for one in found["posts"]:
        name = " ".join(filter(None, (channel_label(one["channel"]), one["account"])))
        yield f"{name} ({chip_of(one['state']).label})"
        yield "  " + ", ".join(
            f"{_(label)} {_('tidak tersedia') if one[metric.value] is None else number_text(one[metric.value])}"
            for metric, label in LABELS.items()
        )
        yield "  " + _("Klik tautan kita: {n}").format(n=number_text(one["link_clicks"]))
        if one["asked_at"]:
            asked = datetime.fromisoformat(one["asked_at"])
            yield "  " + _("Terakhir ditanyakan {time}.").format(time=moment_text(asked, profile))
        if one["reason"]:
            yield f"  {one['reason']}"


def _post(one: PostResult) -> dict[str, Any]:
    known = {metric.value: one.figures[metric][0] if metric in one.figures else None for metric in Metric}
    return known | {
        "number": one.post_id,
        "channel": one.channel.value,
        "account": one.account,
        "state": one.state.value,
        "gone": one.measuring is MeasuringState.GONE,
        "permalink": one.permalink,
        "published_at": _iso(one.published_at),
        "asked_at": _iso(one.asked_at),
        "reason": one.reason,
        "link_clicks": one.clicks,
        "machine_link_clicks": one.machine_clicks,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
