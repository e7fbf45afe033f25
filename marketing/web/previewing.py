"""How a campaign will look where it lands, made by the code that sends it, for a reader who does not exist."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.channels import registry
from marketing.contacts.permission_facts import ContactFacts
from marketing.db.models import Campaign, Message
from marketing.delivery.composing import load_campaign_mail
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import OutboundEmail, fits
from marketing.domain.permission import SendFacts
from marketing.domain.types import ChannelName, EmailType
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.tenants.profile import TenantProfile
from marketing.web.building.words import mailbox
from marketing.web.views.preview import EmailPreview, PostPreview

BASE = '<base target="_blank">'


def preview_posts(
    app: App, session: Session, content: CampaignContent, profile: TenantProfile, now: datetime
) -> tuple[PostPreview, ...]:
    """Return the posts that this content becomes, each with what its channel would refuse."""
    offers = list(load_offers(session, profile.id, content.product_ids).values())
    previews = []
    for channel in content.channels:
        if channel is ChannelName.EMAIL:
            continue
        post = app.posts.compose(content, channel, "pratinjau", offers, profile, now=now)
        misfits = fits(post, registry.capabilities(channel)).misfits
        previews.append(
            post_preview(
                channel,
                asdict(post),
                profile,
                app.settings.public_url,
                misfits=tuple(dict.fromkeys(misfit.text for misfit in misfits)),
            )
        )
    return tuple(previews)


def post_preview(
    channel: ChannelName,
    post: dict[str, Any],
    profile: TenantProfile,
    public_url: str,
    *,
    time: str = "",
    misfits: Iterable[str] = (),
) -> PostPreview:
    """Return a post as its channel would show it; its text carries hashtags, and often the link, already."""
    pictures = post.get("pictures") or ()
    picture = pictures[0] if pictures else {}
    return PostPreview(
        channel=channel,
        account=profile.dinas_short,
        text=post.get("text", ""),
        title=post.get("title", ""),
        link="" if post.get("link", "") in post.get("text", "") else post["link"],
        link_label=public_url.partition("://")[2],
        picture=str(picture.get("url", "")).removeprefix(public_url),
        picture_alt=picture.get("alt", ""),
        time=time,
        misfits=tuple(misfits),
    )


def sample_email(app: App, session: Session, campaign: Campaign, profile: TenantProfile) -> OutboundEmail | None:
    """Return the newest version as a sample reader would get it; None for order mail, which is different every time."""
    if campaign.email_type is EmailType.TRANSACTIONAL:
        return None
    now = app.clock()
    reader = ContactFacts(0, _("Nama Penerima"), None, "nama@contoh.example", tracked=False, facts=_willing())
    message = Message(
        id=0,
        tenant_id=campaign.tenant_id,
        campaign_id=campaign.id,
        version=campaign.version,
        contact_id=0,
        context={"last_order": (now - timedelta(days=profile.inactive_days)).isoformat()},
    )
    mail = load_campaign_mail(session, campaign, campaign.version, profile, [message])
    return app.composer.compose(message, reader, mail, now)


def email_preview(
    content: CampaignContent, profile: TenantProfile, *, html_href: str = "", text: str = ""
) -> EmailPreview:
    """Return the e-mail as an inbox would list it."""
    return EmailPreview(
        sender=mailbox(profile.dinas_short, profile.marketing_sender),
        subject=content.subject,
        preheader=content.preheader,
        html_href=html_href,
        text=text,
    )


def framed(html: str) -> str:
    """Return a mail ready for our frame: its links open beside the page, never inside the frame."""
    head, tag, rest = html.partition("<head>")
    return f"{head}{tag}{BASE}{rest}" if tag else f"{BASE}{html}"


def _willing() -> SendFacts:
    return SendFacts(has_address=True, erased=False, suppressed=False)
