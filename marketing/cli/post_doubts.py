"""Posts whose answer was lost, from the command line: which they are, and what a person saw of them."""

import json
from typing import Annotated

import typer

from marketing.cli.opening import opened
from marketing.cli.post import post
from marketing.i18n import N_
from marketing.i18n import gettext as _


@post.command("doubts", help=N_("Kiriman yang jawabannya hilang dan menunggu diperiksa orang."))
def doubts_command(
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Print every post in doubt that only a person can settle."""
    from sqlalchemy import select

    from marketing.db.models import Post, ShareTask
    from marketing.delivery.share_tasks import CHECK, still_waits
    from marketing.domain.calendar_id import format_datetime_id

    with opened(tenant) as (app, profile), app.database.read() as session:
        query = select(Post).join(ShareTask, ShareTask.post_id == Post.id)
        query = query.where(Post.tenant_id == profile.id, ShareTask.kind == CHECK, still_waits())
        rows = [
            {
                "number": row.id,
                "channel": row.channel.value,
                "account": row.account,
                "title": str(row.content.get("title", "")),
                "sent": format_datetime_id(row.submitted_at, profile.zone) if row.submitted_at else "",
            }
            for row in session.scalars(query.order_by(Post.id))
        ]
    if as_json:
        print(json.dumps({"doubts": rows}, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(str(value) for value in row.values() if value))
    if not rows:
        print(_("Tidak ada kiriman yang perlu diperiksa."))


@post.command(
    "settle", help=N_("Catat apakah sebuah kiriman yang diragukan sudah tayang; yang tidak ada dikirim lagi.")
)
def settle_command(
    number: Annotated[int, typer.Argument(help=N_("nomor kiriman, lihat “siar post doubts”"))],
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    actor: Annotated[str, typer.Option("--as", help=N_("surel orang yang bertindak; namanya tercatat"))],
    stands: Annotated[
        bool | None, typer.Option("--stands/--absent", help=N_("sudah tayang, atau tidak ada dan boleh dikirim lagi"))
    ] = None,
    link: Annotated[str, typer.Option(help=N_("alamat kirimannya, bila tayang"))] = "",
) -> None:
    """Record by name what somebody saw."""
    from sqlalchemy import select

    from marketing.cli.acting import acting
    from marketing.db.models import ShareTask
    from marketing.delivery.share_tasks import CHECK
    from marketing.delivery.task_acts import settle_doubt
    from marketing.errors import InvalidInputError, NotFoundError
    from marketing.queue import TaskName

    if stands is None:
        raise InvalidInputError(_("Tulis --stands bila kirimannya sudah tayang, --absent bila tidak ada."))
    with opened(tenant) as (app, profile), app.database.write() as session:
        user = acting(session, profile.id, actor)
        asked = select(ShareTask.id).where(
            ShareTask.tenant_id == profile.id, ShareTask.post_id == number, ShareTask.kind == CHECK
        )
        task_id = session.scalar(asked)
        if task_id is None:
            raise NotFoundError(_("Kiriman nomor {number} tidak menunggu diperiksa.").format(number=number))
        row = settle_doubt(session, user, task_id, app.clock(), stands=stands, permalink=link)
        if not stands:
            app.queue.enqueue(session, TaskName.PUBLISH, campaign_id=row.campaign_id)
    said = _("Tercatat: kiriman nomor {number} sudah tayang.") if stands else _("Kiriman nomor {number} dikirim lagi.")
    print(said.format(number=number))
