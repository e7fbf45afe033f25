"""Tugas: what only a person can do for a post, from the list to “sudah saya bagikan”; made for a phone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import FormData

from catalog_sync.recall import POST, finish_by_hand
from marketing.accounts.audit import write_audit
from marketing.bootstrap import App
from marketing.db.models import Campaign, Post
from marketing.delivery import task_acts
from marketing.delivery.share_tasks import checked_link
from marketing.delivery.versions import content_of
from marketing.domain.share_task import DOERS, SENDERS, TaskKind
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskName
from marketing.social.accounts import KEEPERS
from marketing.web import paths
from marketing.web.building import tasks as building
from marketing.web.building.poster import CLEAN, code_svg
from marketing.web.building.withdrawals import row_of as withdrawal_row
from marketing.web.building.words import moment_text
from marketing.web.deps import RowNumber, TheApp, TheForm, TheSender, TheStaff, Visitor, holding, visit_secret
from marketing.web.office import back_to, show
from marketing.web.previewing import post_preview, preview_posts
from marketing.web.proofs import MEGABYTES, MOST_BYTES, kept_proof, too_large
from marketing.web.queries import tasks as queries
from marketing.web.queries.withdrawals import WithdrawalFilter, list_withdrawals
from marketing.web.security import csrf_fits
from marketing.web.views.preview import PostPreview
from marketing.web.views.tasks import TasksView

router = APIRouter()
TheDoer = Annotated[Visitor, Depends(holding(*DOERS))]
AROUND: Final = 64 * 1024
"""Bytes of a form around its file."""
DONE_SHOWN: Final = 10
PLACES_SHOWN: Final = 20


async def _form_with_picture(request: Request, app: TheApp, _visitor: TheDoer) -> AsyncIterator[FormData]:
    """Hand over a form with at most one file, and close it; what is too large is refused before any of it is kept."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES + AROUND:
        raise InvalidInputError(too_large(), field="bukti")
    async with request.form(max_files=1, max_fields=10) as form:
        if not csrf_fits(app.settings.signing_key, visit_secret(request), str(form.get("csrf", ""))):
            raise NotAllowedError(_("Formulir ini sudah kedaluwarsa. Muat ulang halamannya lalu coba lagi."))
        yield form


@router.get(paths.TASKS)
def tasks(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show what is mine, what is anybody's or a colleague's, and what was done lately."""
    profile, now, tenant_id = visitor.profile, app.clock(), visitor.profile.id
    with app.database.read() as session:
        waiting = queries.open_tasks(session, tenant_id)
        done = queries.finished_tasks(session, tenant_id, DONE_SHOWN)
    mine = [task for task in waiting if task.assignee_id == visitor.user.id]
    view = TasksView(
        mine=tuple(building.row_of(task, now, profile) for task in mine),
        others=tuple(building.row_of(task, now, profile) for task in waiting if task not in mine),
        done=tuple(building.row_of(task, now, profile) for task in done),
        names_people=any(visitor.has(role) for role in KEEPERS),
    )
    return show(request, app, visitor, "tugas.html", view, place="tasks")


@router.get(f"{paths.TASKS}/{{task_id}}")
def task(request: Request, app: TheApp, visitor: TheStaff, task_id: RowNumber) -> Response:
    """Show one task with everything that is needed to do it."""
    return _task(request, app, visitor, task_id)


@router.post(f"{paths.TASKS}/{{task_id}}/ambil")
def take(app: TheApp, visitor: TheDoer, task_id: RowNumber, _form: TheForm) -> Response:
    """Make a task this person's own."""
    with app.database.write() as session:
        task_acts.take_over(session, visitor.user, task_id, app.clock())
    return back_to(paths.task(task_id), "tugas-diambil")


@router.post(f"{paths.TASKS}/{{task_id}}/dibagikan")
def shared(
    request: Request,
    app: TheApp,
    visitor: TheDoer,
    task_id: RowNumber,
    form: Annotated[FormData, Depends(_form_with_picture)],
) -> Response:
    """Record that this person shared it, with a picture and a link where they gave them."""
    link = str(form.get("tautan", "")).strip()
    try:
        with app.database.read() as session:
            task_acts.find_task(session, visitor.profile.id, task_id, TaskKind.SHARE)
            if not queries.find_task(session, visitor.profile.id, task_id).waits:
                raise NotAllowedError(_("Tugas ini sudah selesai atau tidak perlu lagi. Muat ulang halamannya."))
        checked_link(link)
        proof = kept_proof(app.settings.proof_dir / visitor.profile.id, form.get("bukti"))
        with app.database.write() as session:
            task_acts.finish_share(session, visitor.user, task_id, app.clock(), permalink=link, proof=proof)
    except InvalidInputError as error:
        return _task(request, app, visitor, task_id, error=error, link=link)
    return back_to(paths.task(task_id), "dibagikan")


@router.post(f"{paths.TASKS}/{{task_id}}/hasil")
def settled(request: Request, app: TheApp, visitor: TheSender, task_id: RowNumber, form: TheForm) -> Response:
    """Record what this person saw of a post whose answer was lost; what does not stand goes out again."""
    seen, link = form.get("hasil"), str(form.get("tautan", "")).strip()
    with app.database.read() as session:
        task_acts.find_task(session, visitor.profile.id, task_id, TaskKind.CHECK)
    if seen not in ("ada", "tidak"):
        raise InvalidInputError(_("Pilih apakah kirimannya ada atau tidak."))
    try:
        with app.database.write() as session:
            post = task_acts.settle_doubt(
                session, visitor.user, task_id, app.clock(), stands=seen == "ada", permalink=link
            )
            if seen == "tidak":
                app.queue.enqueue(session, TaskName.PUBLISH, campaign_id=post.campaign_id)
    except InvalidInputError as error:
        return _task(request, app, visitor, task_id, error=error, link=link)
    return back_to(paths.task(task_id), "tugas-ada" if seen == "ada" else "tugas-ulang")


@router.post(f"{paths.TASKS}/{{task_id}}/dihapus")
def removed(app: TheApp, visitor: TheDoer, task_id: RowNumber, _form: TheForm) -> Response:
    """Record that this person deleted a post that its channel cannot delete by a call."""
    tenant_id, user_id, now = visitor.profile.id, visitor.user.id, app.clock()
    with app.database.write() as session:
        row = task_acts.find_task(session, tenant_id, task_id, TaskKind.REMOVE)
        if not queries.find_task(session, tenant_id, task_id).waits:
            raise NotAllowedError(_("Kiriman ini tidak sedang menunggu dihapus. Muat ulang halamannya."))
        finish_by_hand(session, tenant_id=tenant_id, post_id=row.post_id, user_id=user_id, now=now)
        write_audit(
            session, tenant_id=tenant_id, user_id=user_id, action="post.removed", subject=f"post:{row.post_id}", now=now
        )
    return back_to(paths.task(task_id), "dihapus")


@router.get(f"{paths.TASKS}/{{task_id}}/bukti.jpg")
def proof(app: TheApp, visitor: TheDoer, task_id: RowNumber) -> Response:
    """Send the picture that proves a task: it may show people's names, so only those see it who do such tasks."""
    tenant_id = visitor.profile.id
    with app.database.read() as session:
        name = queries.find_task(session, tenant_id, task_id).proof
    path = app.settings.proof_dir / tenant_id / f"{name}.jpg"
    if not name or not path.is_file():
        raise NotFoundError(_("Gambar ini tidak ada."))
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.get(f"{paths.TASKS}/{{task_id}}/kode.svg")
def code(app: TheApp, visitor: TheStaff, task_id: RowNumber) -> Response:
    """Send the code that a phone's camera reads off a desk's screen."""
    with app.database.read() as session:
        found = queries.find_task(session, visitor.profile.id, task_id)
    if found.kind is not TaskKind.SHARE or found.channel is not ChannelName.WHATSAPP or not found.content:
        raise NotFoundError(_("Tugas ini tidak memakai kode."))
    text = str(found.content["text"])
    content = code_svg(building.code_target(found, text, app.settings.public_url), error=CLEAN)
    return Response(content, media_type="image/svg+xml")


def _task(
    request: Request,
    app: App,
    visitor: Visitor,
    task_id: int,
    *,
    error: InvalidInputError | None = None,
    link: str = "",
) -> Response:
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        found = queries.find_task(session, profile.id, task_id)
        wanted = WithdrawalFilter(place=f"{POST}:{found.post_id}")
        withdrawn, _total = list_withdrawals(session, profile.id, wanted, limit=PLACES_SHOWN)
    viewer = building.Viewer(
        visitor.user.id,
        does=any(visitor.has(role) for role in DOERS),
        settles=any(visitor.has(role) for role in SENDERS),
    )
    view = replace(
        building.task_view(
            found, _preview(app, visitor, found), viewer, now, profile, public_url=app.settings.public_url
        ),
        withdrawn=tuple(withdrawal_row(one, profile, now) for one in withdrawn),
        proof=bool(found.proof) and viewer.does,
        most_mb=MEGABYTES,
        error=str(error) if error else "",
        wrong_field=(error.field or "") if error else "",
        given_link=link,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return show(request, app, visitor, "tugas_satu.html", view, place="tasks", status=status)


def _preview(app: App, visitor: Visitor, task: queries.TaskFacts) -> PostPreview:
    """Return what was handed over; before that, what would be now."""
    profile = visitor.profile
    time = moment_text(task.sent_at, profile)
    if task.content:
        return post_preview(task.channel, dict(task.content), profile, app.settings.public_url, time=time)
    with app.database.read() as session:
        post = session.get_one(Post, task.post_id)
        content = content_of(session, session.get_one(Campaign, post.campaign_id), post.version)
        found = preview_posts(app, session, content, profile, app.clock())
    return next(preview for preview in found if preview.channel == task.channel)
