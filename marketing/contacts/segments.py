"""Segments of a tenant: read, checked, saved, counted, asked for their people, and deleted where nothing needs them.

Nothing here is frozen: a segment is asked anew whenever somebody counts, plans or sends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketing.contacts.segment_query import Asked, members
from marketing.db.models import Business, Campaign, CampaignVersion, Product, Segment
from marketing.domain.campaign import CampaignContent, CampaignState
from marketing.domain.segments.explain import Names, explained
from marketing.domain.segments.limits import inlined, references
from marketing.domain.segments.parse import parse
from marketing.domain.segments.tree import And, Node, Not, Or
from marketing.domain.segments.write import written
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

MAX_NAME: Final = 80
MAX_NUMBER_DIGITS: Final = 18
"""So many digits always fit a row number."""
OVER: Final = (CampaignState.SENT, CampaignState.CANCELLED)
"""States in which a campaign never asks for its people again."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text means: its tree, the same with every segment inside put in its place, and both ways to say it."""

    tree: Node
    whole: Node
    text: str
    explanation: str


def understand(session: Session, tenant_id: str, text: str, *, standing_for: int | None = None) -> Meant:
    """Read a text; InvalidInputError says what is wrong with it, and which row it speaks of does not exist.

    `standing_for` is the id of the segment that the text is to become: it may not lead back there.
    """
    tree = parse(text)
    return Meant(
        tree,
        inlined(tree, _trees(session, tenant_id, tree), standing_for=standing_for),
        written(tree),
        explained(tree, names_in(session, tenant_id, tree)),
    )


def count(session: Session, tenant_id: str, whole: Node, now: datetime) -> int:
    """Return how many people belong now; `whole` has its segments in place."""
    query = members(session, whole, Asked(tenant_id, now)).subquery()
    return session.scalar(select(func.count()).select_from(query)) or 0


def find(session: Session, tenant_id: str, segment_id: int) -> Segment:
    """Return a segment of the tenant; NotFoundError when there is none."""
    row = session.scalars(select(Segment).where(Segment.tenant_id == tenant_id, Segment.id == segment_id)).first()
    if row is None:
        raise NotFoundError(_("Segmen nomor {n} tidak ada.").format(n=segment_id))
    return row


def named(session: Session, tenant_id: str, name: str) -> Segment | None:
    """Return the tenant's segment of this name."""
    wanted = " ".join(name.split())
    return session.scalars(select(Segment).where(Segment.tenant_id == tenant_id, Segment.name == wanted)).first()


def listed(session: Session, tenant_id: str) -> Sequence[Segment]:
    """Return the tenant's segments by name."""
    return session.scalars(select(Segment).where(Segment.tenant_id == tenant_id).order_by(Segment.name)).all()


def names(session: Session, tenant_id: str) -> Mapping[int, str]:
    """Return what the tenant's segments are called, by id and in the order of their names."""
    query = select(Segment.id, Segment.name).where(Segment.tenant_id == tenant_id).order_by(Segment.name)
    return dict(session.execute(query).all())


def save(
    session: Session,
    *,
    tenant_id: str,
    name: str,
    text: str,
    user_id: int | None,
    now: datetime,
    segment_id: int | None = None,
) -> Segment:
    """Write a segment, new or in the place of another of its tenant; InvalidInputError names the field that is wrong."""
    meant = understand(session, tenant_id, text, standing_for=segment_id)
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidInputError(_("Beri segmen nama, paling panjang {n} huruf.").format(n=MAX_NAME), field="nama")
    row = find(session, tenant_id, segment_id) if segment_id is not None else Segment(tenant_id=tenant_id)
    namesake = session.scalar(select(Segment.id).where(Segment.tenant_id == tenant_id, Segment.name == name))
    if namesake is not None and namesake != segment_id:
        raise InvalidInputError(
            _("Segmen bernama “{name}” sudah ada. Pilih nama lain.").format(name=name), field="nama"
        )
    if segment_id is None:
        row.created_by, row.created_at = user_id, now
        session.add(row)
    row.name, row.text, row.updated_at = name, text, now
    row.expression = {"text": meant.text, "segments": sorted(references(meant.tree).segments)}
    session.flush()
    _check_whoever_uses(session, row)
    return row


def tree_of(row: Segment) -> Node:
    """Return the checked tree of a saved segment."""
    return parse(row.expression["text"])


def whole_of(session: Session, row: Segment) -> Node:
    """Return the tree of a saved segment with every segment inside put in its place."""
    tree = tree_of(row)
    return inlined(tree, _trees(session, row.tenant_id, tree), standing_for=row.id)


def explanation_of(session: Session, row: Segment) -> str:
    """Return in words who belongs to a saved segment."""
    tree = tree_of(row)
    return explained(tree, names_in(session, row.tenant_id, tree))


def require(session: Session, tenant_id: str, ids: Collection[int], *, field: str) -> None:
    """Raise InvalidInputError unless every id is a segment of the tenant."""
    missing = _missing(session, ids, Segment.id, Segment.tenant_id == tenant_id)
    if missing:
        raise InvalidInputError(_("Segmen yang dipilih sudah tidak ada. Pilih lagi."), field=field)


def combined(session: Session, tenant_id: str, segments: Sequence[int], besides: Sequence[int]) -> Node | None:
    """Return who belongs to one of the segments and to none of `besides`; None when nothing narrows.

    NotFoundError when a segment is gone: nobody may be reached because an exception was lost.
    """
    wanted = [whole_of(session, find(session, tenant_id, row_id)) for row_id in segments]
    parts = [*([_one(wanted)] if wanted else [])]
    parts += [Not(whole_of(session, find(session, tenant_id, row_id))) for row_id in besides]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def uses(session: Session, row: Segment) -> list[str]:
    """Return in words where a segment is needed: other segments, and campaigns that still ask for their people."""
    others = [other.name for other in listed(session, row.tenant_id) if row.id in other.expression["segments"]]
    found = [_("segmen “{name}”").format(name=name) for name in others]
    query = (
        select(Campaign.name, CampaignVersion.content)
        .join(
            CampaignVersion,
            (CampaignVersion.campaign_id == Campaign.id) & (CampaignVersion.number == Campaign.version),
        )
        .where(Campaign.tenant_id == row.tenant_id, Campaign.state.not_in(OVER), Campaign.automation.is_(None))
        .order_by(Campaign.id)
    )
    for name, content in session.execute(query):
        audience = CampaignContent.from_json(content).audience
        if row.id in (*audience.segments, *audience.besides):
            found.append(_("kampanye “{name}”").format(name=name))
    return found


def delete(session: Session, row: Segment) -> None:
    """Delete a segment that nothing needs; NotAllowedError says where it is used."""
    if found := uses(session, row):
        raise NotAllowedError(
            _("Segmen “{name}” masih dipakai: {uses}. Lepaskan dulu dari sana.").format(
                name=row.name, uses=", ".join(found)
            )
        )
    session.delete(row)
    session.flush()


def names_in(session: Session, tenant_id: str, tree: Node) -> Names:
    """Return what the rows are called that a tree speaks of; InvalidInputError when one is not of this tenant."""
    asked = references(tree)

    def named(
        ids: frozenset[int], row_id: InstrumentedAttribute[int], name: InstrumentedAttribute[str],
        own: ColumnElement[bool], sentence: str,
    ) -> Mapping[int, str]:  # fmt: skip
        found = dict(session.execute(select(row_id, name).where(row_id.in_(ids), own)).all()) if ids else {}
        if missing := ids - found.keys():
            raise InvalidInputError(sentence.format(n=min(missing)), field="teks")
        return found

    return Names(
        named(asked.products, Product.id, Product.name, Product.tenant_id == tenant_id, _("Produk nomor {n} tidak ada.")),
        named(
            asked.businesses, Business.id, Business.name, Business.tenant_id == tenant_id, _("Usaha nomor {n} tidak ada.")
        ),
        named(
            asked.campaigns, Campaign.id, Campaign.name, Campaign.tenant_id == tenant_id,
            _("Kampanye nomor {n} tidak ada."),
        ),
        named(asked.segments, Segment.id, Segment.name, Segment.tenant_id == tenant_id, _("Segmen nomor {n} tidak ada.")),
    )  # fmt: skip


def _one(trees: Sequence[Node]) -> Node:
    return trees[0] if len(trees) == 1 else Or(tuple(trees))


def _missing(
    session: Session, ids: Collection[int], row_id: InstrumentedAttribute[int], own: ColumnElement[bool]
) -> set[int]:
    return set(ids) - set(session.scalars(select(row_id).where(row_id.in_(ids), own))) if ids else set()


def _trees(session: Session, tenant_id: str, tree: Node) -> dict[int, Node]:
    """Return the trees of all segments that a tree leads to, directly or through others."""
    known: dict[int, Node] = {}
    wanted = references(tree).segments
    while wanted:
        rows = session.scalars(select(Segment).where(Segment.tenant_id == tenant_id, Segment.id.in_(wanted)))
        found = {row.id: tree_of(row) for row in rows}
        known |= found
        wanted = frozenset(row_id for one in found.values() for row_id in references(one).segments) - known.keys()
    return known


def _check_whoever_uses(session: Session, changed: Segment) -> None:
    """Raise InvalidInputError when a change would make a segment that leads here, even from afar, too large or endless."""
    for other in listed(session, changed.tenant_id):
        if other.id != changed.id and other.expression["segments"]:
            whole_of(session, other)
