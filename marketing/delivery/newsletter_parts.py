"""From the blocks of a version to the parts of a newsletter, the same for the mail and for the public archive; pure."""

from collections.abc import Callable, Iterator
from datetime import datetime, time

from marketing.domain.calendar_id import format_date, format_weekday
from marketing.domain.campaign import CampaignContent
from marketing.domain.newsletter import Article, Happening, MarketNote, Shelf, read_day, read_hour
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.templates.context import (
    ArticlePart,
    EventPart,
    MarketPart,
    MarketRow,
    NewsletterPart,
    ProductsPart,
    lines_of,
)
from marketing.tenants.profile import TenantProfile

Picture = tuple[str, str]
"""The address of our own copy and its alternative text; the address is empty where there is none."""


def newsletter_parts(
    content: CampaignContent,
    profile: TenantProfile,
    *,
    picture: Callable[[int], Picture],
    lead: Callable[[str], str] = str,
) -> tuple[NewsletterPart, ...]:
    """Return the parts in order; figures that follow each other share a table, products without a place come last.

    `picture` gives the picture of a product that may be shown now, `lead` the address that a link becomes in this place.
    """
    parts = list(_parts(content, profile, picture, lead))
    if content.product_ids and not any(isinstance(part, ProductsPart) for part in parts):
        parts.append(ProductsPart())
    return tuple(parts)


def _parts(
    content: CampaignContent, profile: TenantProfile, picture: Callable[[int], Picture], lead: Callable[[str], str]
) -> Iterator[NewsletterPart]:
    rows: list[MarketRow] = []
    for block in content.blocks:
        if isinstance(block, MarketNote):
            rows.append(MarketRow(block.label, block.value, _origin(block)))
            continue
        if rows:
            yield MarketPart(tuple(rows))
            rows.clear()
        match block:
            case Article():
                url, alt = picture(block.picture_of) if block.picture_of is not None else ("", "")
                yield ArticlePart(block.title, lines_of(block.body), lead(block.link), url, alt)
            case Happening():
                yield EventPart(
                    block.title, when_text(block, profile), block.place, lines_of(block.body), lead(block.link)
                )
            case Shelf():
                yield ProductsPart()
    if rows:
        yield MarketPart(tuple(rows))


def when_text(event: Happening, profile: TenantProfile) -> str:
    """Return day and hour in words by the clock of the Daerah; empty while the day is missing."""
    day, hour = read_day(event.day), read_hour(event.hour)
    if day is None:
        return ""
    said = f"{format_weekday(day, language())}, {format_date(day, language())}"
    if hour is None:
        return said
    zone = datetime.combine(day, time(12), profile.tz).tzname()
    return _("{day}, pukul {hour} {zone}").format(day=said, hour=f"{hour:%H.%M}", zone=zone)


def _origin(note: MarketNote) -> str:
    day = read_day(note.day)
    return ", ".join(part for part in (note.source, format_date(day, language()) if day else "") if part)
