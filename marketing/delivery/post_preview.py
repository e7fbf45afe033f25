"""One product's post as files to look at: the exact words and pictures of each channel, measured against its limits."""

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.kept_posts import write_whole
from marketing.db.models import Product
from marketing.delivery.post_composing import PostComposer
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import Capabilities, OutboundPost, fits
from marketing.domain.text import (
    TextUnit,
    cleaned,
    count_hashtags,
    count_mentions,
    letters,
    measured,
    without_hashtags,
    without_mentions,
)
from marketing.domain.types import ChannelName, EmailType
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.i18n import speaking
from marketing.products.catalogue import Offer, load_offers
from marketing.products.picture_variants import make_files
from marketing.products.post_card import readable
from marketing.tenants.profile import TenantProfile

MARKER: Final = "pratinjau"
_UNSAFE: Final = re.compile(r"[^\w.-]+", re.ASCII)
_RECOGNISED: Final = 12


@dataclass(frozen=True, slots=True)
class Previewed:
    """One channel's post: what it says, what is wrong with it, and where its files lie."""

    channel: ChannelName
    post: OutboundPost
    measures: dict[str, Any]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PostPreviews:
    """Composes as the engine does and writes files; nothing of it is kept in the database."""

    composer: PostComposer
    profile: TenantProfile
    locale: str
    now: datetime

    def write(self, offers: Sequence[Offer], limits: Capabilities, account: str, folder: Path) -> Previewed:
        """Write `<product>-<channel>.txt`, its pictures and its measures; InvalidInputError when the folder refuses."""
        channel = limits.channel
        with speaking(self.locale):
            content = _content(offers, channel)
        post = self.composer.compose(content, channel, MARKER, offers, self.profile, now=self.now, locale=self.locale)
        make_files(post.pictures)
        name = "-".join([*(_UNSAFE.sub("_", offer.facts.id)[:60] for offer in offers[:3]), channel.value])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            pictures = list(_copied(post, folder, name))
            measures = {
                "products": [offer.facts.id for offer in offers],
                "channel": channel.value,
                "account": account,
                "locale": self.locale,
                **measured_post(post, limits),
                "pictures": [_picture(number, post, path) for number, path in enumerate(pictures)],
                "most_pictures": limits.max_pictures,
                "left_out": list(left_out(content, offers, post, limits)),
                "refused": [misfit.text for misfit in fits(post, limits).misfits],
                "person": _(limits.human_step) if limits.needs_human else "",
                "limits_from": limits.source,
            }
            text, report = folder / f"{name}.txt", folder / f"{name}.json"
            write_whole(text, post.text.encode())
            write_whole(report, json.dumps(measures, ensure_ascii=False, indent=2).encode())
        except OSError as error:
            words = _("Folder “{path}” tidak dapat ditulisi ({reason}).")
            raise InvalidInputError(words.format(path=folder, reason=error.strerror or error)) from error
        return Previewed(channel, post, measures, (text, report, *(path for path in pictures if path is not None)))


def offers_of(session: Session, tenant_id: str, products: Sequence[str]) -> list[Offer]:
    """Return the products with these catalogue ids (or our row numbers), in their order; NotFoundError names a missing one."""
    found: list[int] = []
    for wanted in products:
        query = select(Product.id).where(Product.tenant_id == tenant_id, Product.deleted_at.is_(None))
        row = session.scalars(query.where(Product.external_id == wanted).order_by(Product.id)).first()
        if row is None and wanted.isdecimal():
            row = session.scalars(query.where(Product.id == int(wanted))).first()
        if row is None:
            raise NotFoundError(_("Produk “{id}” tidak ada di katalog Daerah ini.").format(id=wanted))
        found.append(row)
    return list(load_offers(session, tenant_id, found).values())


def measured_post(post: OutboundPost, limits: Capabilities) -> dict[str, Any]:
    """Return how long everything is as readers and as the channel count it, beside what the channel allows."""
    return {
        "text": {**_lengths(post.text, limits), "limit": limits.max_text},
        "title": {**_lengths(post.title, limits), "limit": limits.max_title, "says": post.title},
        "hashtags": {
            "chosen": list(post.hashtags),
            "count": count_hashtags(post.text),
            "limit": limits.max_hashtags,
        },
        "mentions": {"count": count_mentions(post.text), "limit": limits.max_mentions},
        "link": post.link,
    }


def left_out(
    content: CampaignContent, offers: Sequence[Offer], post: OutboundPost, limits: Capabilities
) -> Iterator[str]:
    """Yield, as sentences, what of the campaign this channel's post does not have, and why."""
    said = _core(post.text)
    if _core(content.body) not in said:
        yield _("Keterangan dipersingkat agar muat {limit} karakter.").format(limit=limits.max_text)
    for offer in offers:
        if _core(offer.facts.name)[:_RECOGNISED] not in said:
            yield _("Produk “{name}” tidak muat; jumlahnya disebut.").format(name=cleaned(offer.facts.name)[:60])
    if not limits.links:
        yield _("Tautan tidak ditulis: di kanal ini tautan dalam teks tidak dapat diketuk.")
    yield from _pictures_left_out(offers, limits)


def _pictures_left_out(offers: Sequence[Offer], limits: Capabilities) -> Iterator[str]:
    shown = [offer for offer in offers if any(picture.sha256 for picture in offer.facts.pictures)]
    for offer in offers:
        if offer not in shown:
            yield _("Produk “{name}” belum punya salinan foto.").format(name=cleaned(offer.facts.name)[:60])
    if len(shown) > limits.max_pictures:
        words = _("{count} foto tidak ikut: kanal ini memuat paling banyak {limit}.")
        yield words.format(count=len(shown) - limits.max_pictures, limit=limits.max_pictures)
    if limits.channel is ChannelName.TIKTOK:
        yield _("Tanpa kartu produk: TikTok melarang nama, harga, dan logo di atas foto.")
    for offer in shown if limits.card else ():
        if not readable(offer.facts.name):
            yield _("Tanpa kartu produk: huruf pada nama “{name}” tidak ada di huruf kartu.").format(
                name=cleaned(offer.facts.name)[:60]
            )


def _content(offers: Sequence[Offer], channel: ChannelName) -> CampaignContent:
    """Return what a campaign with these products and no words of its own would say: the first one's own description."""
    first = offers[0].facts
    return CampaignContent(
        email_type=EmailType.PROMOTIONAL,
        variant="produk_baru",
        subject=first.name,
        preheader="",
        headline=first.name if len(offers) == 1 else _("{name} dan produk lain").format(name=first.name),
        body=without_mentions(without_hashtags(first.description)),  # a product calls nobody and files itself nowhere
        product_ids=tuple(offer.row_id for offer in offers),
        channels=(channel,),
    )


def _copied(post: OutboundPost, folder: Path, name: str) -> Iterator[Path | None]:
    for number, picture in enumerate(post.pictures, start=1):
        source = Path(picture.path)
        target = folder / f"{name}-{number}{source.suffix}"
        yield Path(shutil.copyfile(source, target)) if source.is_file() else None


def _picture(number: int, post: OutboundPost, path: Path | None) -> dict[str, Any]:
    picture = post.pictures[number]
    return {
        "file": path.name if path else None,
        "width": picture.width,
        "height": picture.height,
        "ratio": round(picture.width / picture.height, 3) if picture.height else None,
        "bytes": path.stat().st_size if path else 0,
        "card": picture.card is not None,
        "alt": picture.alt,
        "url": picture.url,
    }


def _lengths(text: str, limits: Capabilities) -> dict[str, Any]:
    return {
        "letters": letters(text),
        "code_points": measured(text),
        "utf16": measured(text, TextUnit.UTF16),
        "counted": measured(text, limits.text_unit),
        "unit": limits.text_unit.value,
    }


def _core(text: str) -> str:
    """Return the letters and digits alone: what no channel's markup, cleaning or line breaks change."""
    return "".join(char for char in cleaned(text) if char.isalnum())
