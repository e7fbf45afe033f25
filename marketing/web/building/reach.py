"""How far posts reached, from what was told to what is shown: a figure that nobody gave is “tidak tersedia”, never 0."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from marketing.channels.registry import capabilities
from marketing.delivery.post_figures import PostResult
from marketing.domain.insights import MeasuringState, Metric, totals
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName
from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, number_text
from marketing.web.queries.home import FailedPost
from marketing.web.views.home import Waiting
from marketing.web.views.reach import ReachCell, ReachRow, ReachView
from marketing.web.views.states import channel_icon, channel_label

LABELS: Final[Mapping[Metric, str]] = {
    Metric.REACH: N_("Jangkauan"),
    Metric.VIEWS: N_("Dilihat"),
    Metric.REACTIONS: N_("Reaksi"),
    Metric.COMMENTS: N_("Komentar"),
    Metric.SHARES: N_("Dibagikan"),
    Metric.SAVES: N_("Disimpan"),
    Metric.CLICKS: N_("Klik di kanal"),
}


def reach_view(results: Sequence[PostResult], profile: TenantProfile) -> ReachView | None:
    """Return the table of a campaign's posts; None before there is one that anybody can see elsewhere."""
    shown = [one for one in results if _is_shown(one)]
    if not shown:
        return None
    labels = (*(_(label) for label in LABELS.values()), _("Klik tautan kita"))
    return ReachView(labels, tuple(_row(one, profile) for one in shown), tuple(_sums(shown)))


def gone_task(post: FailedPost) -> Waiting:
    """Return a post that somebody took down at its channel: a person should know, and may have to post it again."""
    return Waiting(
        _("Kiriman {channel} “{name}” hilang").format(channel=channel_label(post.channel), name=post.campaign),
        post.reason,
        paths.post(post.id),
        _("Lihat"),
        channel_icon(post.channel),
        "warn",
    )


def _is_shown(one: PostResult) -> bool:
    elsewhere = one.channel is not ChannelName.WEBSITE
    return elsewhere and (one.state is PostState.PUBLISHED or bool(one.figures or one.clicks or one.machine_clicks))


def _row(one: PostResult, profile: TenantProfile) -> ReachRow:
    countable = capabilities(one.channel).figures if one.account else ()
    silent = not countable and not one.figures
    cells = [_cell(one, metric, _(label), counts=metric in countable) for metric, label in LABELS.items()]
    clicks = number_text(one.clicks)
    if one.machine_clicks:
        clicks = _("{n} ({m} mesin tidak dihitung)").format(n=clicks, m=number_text(one.machine_clicks))
    return ReachRow(
        post_id=one.post_id,
        channel=one.channel,
        account=one.account or _("kotak keluar percobaan"),
        cells=(*([] if silent else cells), ReachCell(_("Klik tautan kita"), clicks)),
        asked=_asked(one, profile, counts=bool(countable)),
        note=one.reason,
        gone=one.measuring is MeasuringState.GONE,
        silent=silent,
    )


def _cell(one: PostResult, metric: Metric, label: str, *, counts: bool) -> ReachCell:
    told = one.figures.get(metric)
    if told is not None:
        return ReachCell(label, number_text(told[0]))
    waiting = counts and one.asked_at is None and one.measuring in {None, MeasuringState.OPEN} and not one.reason
    return ReachCell(label, _("belum ada") if waiting else _("tidak tersedia"), given=False)


def _asked(one: PostResult, profile: TenantProfile, *, counts: bool) -> str:
    if one.asked_at is not None:
        return _("Terakhir ditanyakan {time}.").format(time=moment_text(one.asked_at, profile))
    if counts and one.measuring in {None, MeasuringState.OPEN}:
        return _("Belum ditanyakan; pertama kali satu jam setelah terbit.") if not one.reason else ""
    if not one.account:
        return _("Kiriman percobaan tidak dilihat siapa pun.")
    return "" if one.reason else _("Kanal ini tidak memberi angka kepada aplikasi.")


def _sums(shown: Iterable[PostResult]) -> Iterable[str]:
    """Yield what may be added up, and over how many posts; reach never is: the same people may be on two channels."""
    shown = list(shown)
    for metric, total in totals(one.numbers for one in shown).items():
        yield ngettext("{label}: {n} pada {posts} kiriman", "{label}: {n} pada {posts} kiriman", total.posts).format(
            label=_(LABELS[metric]), n=number_text(total.number), posts=total.posts
        )
    clicks = sum(one.clicks for one in shown)
    yield _("Klik tautan kita: {n}").format(n=number_text(clicks))
