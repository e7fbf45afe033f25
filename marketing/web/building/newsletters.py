"""The public archive of the newsletter, from sent issues to pages and the feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from marketing.channels.website import structured_data as data
from marketing.channels.website.feed import issue_tag
from marketing.channels.website.issue_feed import IssueEntry, IssueFeed
from marketing.delivery.newsletter_parts import Picture, newsletter_parts
from marketing.domain import site
from marketing.domain.calendar_id import format_date, local_date
from marketing.domain.picture_shape import Shape
from marketing.domain.rendering import paragraphs
from marketing.domain.text import web_address
from marketing.i18n import SOURCE_LANGUAGE, language
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.templates.context import ArticlePart, EventPart, MarketPart, NewsletterPart
from marketing.templates.context.newsletter import TextLine
from marketing.web import paths
from marketing.web.building import subscribe
from marketing.web.building.feeds import authority
from marketing.web.building.gallery import FEED_KINDS, Scene, card, crumbs, head, share, standing, summary
from marketing.web.queries.newsletters import Issue
from marketing.web.views.gallery import FeedLink, IssueCard, Link
from marketing.web.views.newsletters import ArchiveView, IssueView, Paragraphs, PartView
from marketing.web.views.parts import Pager

PAGE_SIZE = 24


def archive(scene: Scene, issues: Sequence[Issue], total: int, page: int) -> ArchiveView:
    """Return one page of the archive."""
    base = site.newsletters(scene.profile.id)
    path = paths.listing(base, halaman=page if page > 1 else None)
    before = paths.listing(base, halaman=page - 1 if page > 2 else None) if page > 1 else ""  # noqa: PLR2004  page 1 has no number
    after = paths.listing(base, halaman=page + 1) if page * PAGE_SIZE < total else ""
    title = _("Buletin UMKM {place}").format(place=scene.profile.short_name)
    way, feeds = crumbs(scene, Link(_("Buletin"), "")), (feed_link(scene),)
    places = [data.Place(_title(issue), scene.absolute(_path(scene, issue))) for issue in issues]
    address = scene.absolute(path)
    return ArchiveView(
        head=head(
            scene,
            path,
            title=title,
            description=_("Semua edisi buletin {dinas}: artikel, kabar pasar, produk, dan acara.").format(
                dinas=scene.profile.dinas_short
            ),
            way=way,
            page_kind="CollectionPage",
            about=f"{address}#daftar",
            things=[data.item_list(address, title, places, total=total, first=(page - 1) * PAGE_SIZE + 1)],
            feeds=feeds,
            previous_href=scene.absolute(before),
            next_href=scene.absolute(after),
        ),
        crumbs=way,
        issues=tuple(issue_card(scene, issue) for issue in issues),
        pager=Pager(len(issues), total, previous=before, next=after),
        subscribe_href=subscribe.address(scene.profile.id),
        feeds=feeds,
    )


def issue_card(scene: Scene, issue: Issue) -> IssueCard:
    """Return an issue as it stands in a list."""
    day = local_date(issue.sent_at, scene.profile.tz)
    return IssueCard(
        title=_title(issue),
        href=_path(scene, issue),
        day=format_date(day, language()),
        iso=day.isoformat(),
        summary=summary(issue.content.preheader or issue.content.body),
    )


def issue_page(scene: Scene, issue: Issue, offers: Mapping[int, Offer]) -> IssueView:
    """Return one issue for everybody; products that lost their standing are gone from it, their pictures too."""
    content, path, title = issue.content, _path(scene, issue), _title(issue)
    shown = standing(list(offers.values()), scene)
    by_row = {offer.row_id: offer for offer in shown}

    def picture(row_id: int) -> Picture:
        offer = by_row.get(row_id)
        return (offer.picture_url("", Shape.LANDSCAPE), offer.facts.name) if offer else ("", "")

    parts = tuple(
        _part(part, f"bagian-{number}")
        for number, part in enumerate(newsletter_parts(content, scene.profile, picture=picture), start=1)
    )
    way = crumbs(scene, Link(_("Buletin"), site.newsletters(scene.profile.id)), Link(title, ""))
    return IssueView(
        head=head(
            scene,
            path,
            title=title,
            description=content.preheader or content.body or title,
            way=way,
            kind="article",
            feeds=(feed_link(scene),),
            picture=next((url for offer in shown if (url := offer.picture_url(scene.public_url))), ""),
        ),
        crumbs=way,
        headline=title,
        period=_("Diterbitkan {dinas} pada {day}").format(
            dinas=scene.profile.dinas_short,
            day=format_date(local_date(issue.sent_at, scene.profile.tz), language()),
        ),
        text=paragraphs(content.body),
        parts=parts,
        products=tuple(card(offer, scene) for offer in shown),
        share=share(scene, path, title),
        subscribe_href=subscribe.address(scene.profile.id),
    )


def feed_link(scene: Scene) -> FeedLink:
    """Return the feed of the archive."""
    name = _("Buletin {place}").format(place=scene.profile.short_name)
    return FeedLink("RSS", f"RSS: {name}", site.feed(site.newsletters(scene.profile.id), "rss"), FEED_KINDS["rss"][1])


def issue_feed(scene: Scene, issues: Sequence[Issue], beginning: datetime) -> IssueFeed:
    """Return the archive as a feed; it has one language, whoever asks."""
    base = site.newsletters(scene.profile.id)
    return IssueFeed(
        title=_("Buletin UMKM {place}").format(place=scene.profile.short_name),
        description=_("Artikel, kabar pasar, produk, dan acara dari {dinas}.").format(dinas=scene.profile.dinas),
        home_url=scene.absolute(base),
        self_url=scene.absolute(site.feed(base, "rss")),
        language=SOURCE_LANGUAGE,
        updated=max((issue.sent_at for issue in issues), default=beginning),
        entries=[
            IssueEntry(
                issue_tag(authority(scene.profile), scene.profile.id, issue.slug),
                _title(issue),
                scene.absolute(_path(scene, issue)),
                summary(issue.content.preheader or issue.content.body),
                issue.sent_at,
            )
            for issue in issues
        ],
    )


def _title(issue: Issue) -> str:
    return issue.content.headline or issue.content.subject


def _path(scene: Scene, issue: Issue) -> str:
    return site.newsletter(scene.profile.id, issue.slug)


def _part(part: NewsletterPart, anchor: str) -> PartView:
    match part:
        case ArticlePart():
            return PartView(
                part.kind,
                anchor,
                part.title,
                _text(part.lines),
                web_address(part.link),
                part.picture_url,
                picture_alt=part.alt,
            )
        case MarketPart():
            rows = tuple((row.label, row.value, row.note) for row in part.rows)
            return PartView(part.kind, anchor, _("Kabar pasar"), rows=rows)
        case EventPart():
            text = _text(part.lines)
            return PartView(
                part.kind, anchor, part.title, text, web_address(part.link), when=part.when, place=part.place
            )
        case _:
            return PartView(part.kind, anchor)


def _text(lines: Sequence[TextLine]) -> Paragraphs:
    found: list[list[str]] = [[]]
    for line in lines:
        found[-1].append(line.text)
        if line.last:
            found.append([])
    return tuple(tuple(paragraph) for paragraph in found if paragraph)
