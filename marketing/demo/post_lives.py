"""What became of the rehearsed posts, in numbers: from our database, and from what the providers were asked."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketing.db.models import Post, ShareTask, Withdrawal
from marketing.demo.rehearsal import CHANNELS, Rehearsal
from marketing.domain.types import ChannelName


def told(rehearsal: Rehearsal, tenant_id: str) -> dict[str, Any]:
    """Return, by channel, the calls of each step, the lives of the posts, what stands there, and what people must do."""
    calls, standing = rehearsal.town.calls(tenant_id), rehearsal.town.standing(tenant_id)
    with rehearsal.app.database.read() as session:
        states = _counted(session, select(Post.channel, Post.state, func.count()).where(Post.tenant_id == tenant_id))
        tasks = _counted(
            session,
            select(Post.channel, ShareTask.kind, func.count())
            .join(Post, Post.id == ShareTask.post_id)
            .where(Post.tenant_id == tenant_id, ShareTask.done_at.is_(None)),
        )
        recalled = _counted(
            session,
            select(Withdrawal.channel, Withdrawal.state, func.count()).where(
                Withdrawal.tenant_id == tenant_id, Withdrawal.place.startswith("pos:")
            ),
        )
        owners = dict(session.execute(select(Post.id, Post.channel).where(Post.tenant_id == tenant_id)).all())
    lives: dict[ChannelName, list[list[str]]] = {}
    for post_id, life in sorted(rehearsal.lives.items()):
        if post_id in owners:
            lives.setdefault(owners[post_id], []).append([state.value for state in life])
    return {
        channel.value: {
            "calls": calls.get(channel.value, {}),
            "lives": lives.get(channel, []),
            "states": states.get(channel, {}),
            "standing": standing.get(channel.value),
            "tasks": tasks.get(channel, {}),
            "recalled": recalled.get(channel, {}),
        }
        for channel in CHANNELS
    }


def _counted(session: Session, query: Select[Any, Any, Any]) -> dict[ChannelName, dict[str, int]]:
    channel, kind, _number = query.selected_columns
    found: dict[ChannelName, dict[str, int]] = {}
    for one, name, number in session.execute(query.group_by(channel, kind).order_by(kind)):
        found.setdefault(one, {})[str(name)] = number
    return found
