"""How a campaign will look where it lands, made by the code that sends it, for a reader who does not exist."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.channels import registry
from marketing.db.models import Campaign
from marketing.delivery.archive import find_message
from marketing.delivery.chat_templates import find_template
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import fits
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType, Role
from marketing.mail.samples import examined
from marketing.products.catalogue import load_offers
from marketing.templates.checks import findings
from marketing.templates.looks import Look, as_seen
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.chat import chat_preview, phone_view
from marketing.web.building.mail_templates import findings_of, headers_of, looks_at
from marketing.web.building.words import mailbox
from marketing.web.deps import Visitor
from marketing.web.security import MAIL_CSP
from marketing.web.views.preview import ChatPreview, EmailPreview, PostPreview

BASE = '<base target="_blank">'
_PICTURES = "img-src 'self' https: data:;"


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


def email_preview(content: CampaignContent, profile: TenantProfile) -> EmailPreview:
    """Return the e-mail as an inbox would list it, while nothing is saved that could be rendered."""
    return EmailPreview(
        sender=mailbox(profile.dinas_short, profile.marketing_sender),
        subject=content.subject,
        preheader=content.preheader,
    )


def standing_preview(
    app: App, session: Session, campaign: Campaign, content: CampaignContent, visitor: Visitor
) -> EmailPreview | None:
    """Return the saved e-mail with everything to look at; None where the campaign sends none, or order mail."""
    profile, now = visitor.profile, app.clock()
    email = app.campaigns.mails.of(session, campaign, profile, now) if ChannelName.EMAIL in content.channels else None
    if email is None:
        return None
    at = paths.campaign_email(campaign.id)
    sends = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    return replace(
        email_preview(content, profile),
        html_href=at,
        text=email.text,
        looks=looks_at(at),
        findings=findings_of(findings(examined(email, content.preheader, app.settings.public_url))),
        headers=headers_of(email),
        test_action=paths.campaign_act(campaign.id, "uji") if sends else "",
        test_address=visitor.user.email,
    )


def standing_chat(
    app: App, session: Session, content: CampaignContent, profile: TenantProfile, now: datetime
) -> ChatPreview | None:
    """Return the message of WhatsApp as it will go out; None where the campaign sends none, or its template is gone."""
    template = find_template(session, profile.id, content.chat) if content.chat else None
    if template is None or content.email_type is EmailType.TRANSACTIONAL:
        return None
    offers = load_offers(session, profile.id, content.product_ids).values()
    return chat_preview(app.chats, template, content, offers, profile=profile, now=now)


def standing_message(app: App, session: Session, visitor: Visitor, message_id: int) -> ChatPreview | None:
    """Return a message of WhatsApp as it would look now; None where it was never made or cannot be any more."""
    archived = find_message(session, message_id, app.clock(), tenant_id=visitor.profile.id)
    if archived is None or archived.message.state is MessageState.SKIPPED:
        return None
    try:
        seen = app.chats.again(session, archived, app.clock())
    except (LookupError, ValueError):
        return None
    return phone_view(seen, visitor.profile, app.settings.public_url) if seen else None


def framed(html: str) -> str:
    """Return a mail ready for our frame: its links open beside the page, never inside the frame."""
    head, tag, rest = html.partition("<head>")
    return f"{head}{tag}{BASE}{rest}" if tag else f"{BASE}{html}"


def mail_answer(html: str, look: Look) -> Response:
    """Return a mail for our sandboxed frame, as a reader with this look sees it."""
    policy = MAIL_CSP.replace(_PICTURES, "img-src 'none';") if look is Look.NO_PICTURES else MAIL_CSP
    return HTMLResponse(framed(as_seen(html, look)), headers={"Content-Security-Policy": policy})
