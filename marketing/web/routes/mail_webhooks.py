"""What a mail provider tells of messages; believed only with its signature over the raw body, and of our own messages only."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Response

from marketing.channels.email.inbound.sendgrid import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    events_of,
    feedback_of,
    is_genuine,
)
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName
from marketing.feedback import intake_of
from marketing.observability import get_logger
from marketing.web import paths
from marketing.web.deps import RowNumber, TheApp, limited
from marketing.web.raw_body import body_within

router = APIRouter()
log = get_logger(__name__)
MAX_BYTES: Final = 2 * 1024 * 1024
"""SendGrid posts at most 768 kB at a time ("Event Webhook Reference")."""
PROVIDER: Final = "sendgrid"
EVENT_KEY: Final = "event_key"
"""Where an account keeps the provider's public key: base64 of its SPKI in DER."""
_limit = Depends(limited("600/minute", "mail-webhook"))
TheBody = Annotated[bytes | None, Depends(body_within(MAX_BYTES))]
TheSignature = Annotated[str, Header(alias=SIGNATURE_HEADER, max_length=400)]
TheTimestamp = Annotated[str, Header(alias=TIMESTAMP_HEADER, max_length=20)]


@router.post(paths.mail_webhook("{account_id}"), dependencies=[_limit])
def sendgrid(
    app: TheApp, account_id: RowNumber, body: TheBody, signature: TheSignature = "", timestamp: TheTimestamp = ""
) -> Response:
    """Take the events of an account. Anything but 2xx makes SendGrid bring them again for a day, which changes nothing."""
    if body is None:
        return Response(status_code=413)
    now = app.clock()
    with app.database.read() as session:
        account = session.get(ChannelAccount, account_id)
    key = account.settings.get(EVENT_KEY) if account is not None and _is_theirs(account) else None
    if account is None or not isinstance(key, str):
        return Response(status_code=403)
    if not is_genuine(key, signature=signature, timestamp=timestamp, body=body, now=now):
        return Response(status_code=403)
    events = events_of(body)
    if events is None:
        return Response(status_code=400)
    reports = [
        report
        for event in events
        for report in feedback_of(event, account_id=account_id, refer=app.signer.referred, now=now)
    ]
    fresh = intake_of(app).take(account.tenant_id, reports)
    log.info("mail events", account=account_id, events=len(events), ours=len(reports), fresh=fresh)
    return Response(status_code=204)


def _is_theirs(account: ChannelAccount) -> bool:
    """Return whether this is a standing account there; a paused one still tells what became of its mails."""
    return (
        account.channel is ChannelName.EMAIL
        and account.provider == PROVIDER
        and account.state is not AccountState.REMOVED
    )
