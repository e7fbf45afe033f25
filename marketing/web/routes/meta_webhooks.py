"""What Meta tells of WhatsApp, and its question whether this address is ours; believed only with our app's signature."""

from typing import Annotated, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Query, Response

from marketing.channels.whatsapp.webhook import MAX_BYTES, SIGNATURE_HEADER, challenge, is_genuine
from marketing.observability import get_logger
from marketing.queue import TaskName
from marketing.web import paths
from marketing.web.deps import TheApp, limited
from marketing.web.raw_body import body_within
from marketing.whatsapp import inbox_of

router = APIRouter()
log = get_logger(__name__)
_limit: Final = Depends(limited("1200/minute", "meta-webhook"))  # three statuses a message, at the pace of a campaign
Short = Annotated[str, Query(max_length=200)]
TheBody = Annotated[bytes | None, Depends(body_within(MAX_BYTES))]
TheSignature = Annotated[str, Header(alias=SIGNATURE_HEADER, max_length=200)]
TheMode = Annotated[Short, Query(alias="hub.mode")]
TheToken = Annotated[Short, Query(alias="hub.verify_token")]
TheChallenge = Annotated[Short, Query(alias="hub.challenge")]


@router.get(paths.webhook("meta"), dependencies=[_limit])
def verify(app: TheApp, mode: TheMode = "", token: TheToken = "", given: TheChallenge = "") -> Response:
    """Answer Meta's question with what it sent along (graph-api/webhooks/getting-started)."""
    answer = challenge(mode, token, given, app.settings.meta_verify_token.get_secret_value())
    if answer is None:
        return Response(status_code=403)
    return Response(answer, media_type="text/plain")


@router.post(paths.webhook("meta"), dependencies=[_limit])
def told(app: TheApp, later: BackgroundTasks, body: TheBody, signature: TheSignature = "") -> Response:
    """Deal with what Meta tells. Anything but 200 makes Meta bring it again for a week, which changes nothing."""
    if body is None:
        return Response(status_code=413)
    if not is_genuine(body, signature, app.settings.meta_app_secret.get_secret_value()):
        return Response(status_code=403)
    inbox = inbox_of(app)
    try:
        found = inbox.take(body)
    except ValueError:
        return Response(status_code=400)
    for tenant_id in sorted(found.ask_again):
        app.queue.send(TaskName.WHATSAPP_TEMPLATES, tenant_id=tenant_id)
    if found.replies:
        later.add_task(inbox.reply, found.replies)
    log.info("WhatsApp told", size=len(body), fresh=found.fresh, answers=len(found.replies))
    return Response(status_code=200)
