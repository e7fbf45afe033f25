"""Beranda, from facts to its page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.money import format_rupiah
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.social.reasons import words_of
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.catalog import sync_text
from marketing.web.building.channels import reconnect_href
from marketing.web.building.words import DAYS, moment_text, number_text, rupiah_short, short_day, weekday_text
from marketing.web.queries.campaigns import CampaignLine
from marketing.web.queries.catalog import SyncFacts
from marketing.web.queries.home import FailedPost, FirstFacts, NamedCampaign, Window
from marketing.web.views.home import AgendaItem, BarChart, FirstStep, Health, Stat, Waiting
from marketing.web.views.states import channel_icon, channel_label

UNKNOWN = "–"
HOURS = ((4, "malam"), (11, "pagi"), (15, "siang"), (18, "sore"), (24, "malam"))


def greeting_of(name: str, now: datetime, profile: TenantProfile) -> str:
    """Return a greeting that fits the hour on the tenant's clock."""
    hour = now.astimezone(profile.tz).hour
    part = next(part for until, part in HOURS if hour < until)
    said = {
        "pagi": _("Selamat pagi, {name}"),
        "siang": _("Selamat siang, {name}"),
        "sore": _("Selamat sore, {name}"),
        "malam": _("Selamat malam, {name}"),
    }[part]
    return said.format(name=name)


def today_of(now: datetime, profile: TenantProfile, due: int, waiting: int) -> str:
    """Return the day, and how much is in it."""
    day = local_date(now, profile.tz)
    out = (
        ngettext("{n} kampanye keluar hari ini", "{n} kampanye keluar hari ini", due).format(n=due)
        if due
        else _("Tidak ada yang keluar hari ini")
    )
    wait = (
        ngettext("{n} hal menunggu Anda", "{n} hal menunggu Anda", waiting).format(n=waiting)
        if waiting
        else _("tidak ada yang menunggu Anda")
    )
    return _("{weekday}, {day}. {out}, dan {wait}.").format(
        weekday=DAYS[day.weekday()], day=format_date_id(day), out=out, wait=wait
    )


def period_text(first: str, last: str) -> str:
    """Return which days the numbers cover."""
    return _("{first} – {last}, dibanding 30 hari sebelumnya").format(first=first, last=last)


def approval_task(campaign: NamedCampaign, profile: TenantProfile) -> Waiting:
    """Return a campaign that this approver may decide."""
    return Waiting(
        _("“{name}” menunggu persetujuan Anda").format(name=campaign.name),
        _("Disusun {who}, akan keluar {time}.").format(who=campaign.who, time=moment_text(campaign.at, profile) or "–"),
        paths.campaign(campaign.id),
        _("Periksa"),
        "approval",
        "hold",
    )


def returned_task(campaign: NamedCampaign, profile: TenantProfile) -> Waiting:
    """Return a draft that came back with a note."""
    return Waiting(
        _("“{name}” dikembalikan dengan catatan").format(name=campaign.name),
        f"{campaign.who}: “{campaign.note}” · {moment_text(campaign.at, profile)}",
        paths.compose(campaign.id),
        _("Perbaiki"),
        "undo",
        "warn",
    )


def paused_task(campaign: NamedCampaign) -> Waiting:
    """Return a campaign that stands still."""
    return Waiting(
        _("“{name}” dijeda").format(name=campaign.name),
        campaign.note or _("Menunggu keputusan."),
        paths.campaign(campaign.id),
        _("Lihat"),
        "pause",
        "warn",
    )


def failed_task(post: FailedPost) -> Waiting:
    """Return a post that its channel refused."""
    return Waiting(
        _("Kiriman {channel} “{name}” gagal terbit").format(channel=channel_label(post.channel), name=post.campaign),
        words_of(post.reason),
        paths.post(post.id),
        _("Lihat"),
        channel_icon(post.channel),
        "bad",
    )


def held_task(names: Sequence[str]) -> Waiting:
    """Return the products that lost their standing lately."""
    shown = ", ".join(names[:3])
    return Waiting(
        ngettext("{n} produk baru tertahan", "{n} produk baru tertahan", len(names)).format(n=len(names)),
        _("{names} dan lainnya.").format(names=shown) if len(names) > 3 else f"{shown}.",  # noqa: PLR2004  three are named
        paths.listing(paths.CATALOG, tab="tertahan"),
        _("Lihat alasannya"),
        "box",
        "warn",
    )


def reconnect_task(account: ChannelAccount) -> Waiting:
    """Return an account that only a person can open again; everything else goes on."""
    return Waiting(
        _("{name} ({channel}) perlu dihubungkan ulang").format(
            name=account.name, channel=channel_label(account.channel)
        ),
        _("{reason} Hanya kanal ini yang menunggu; kirimannya keluar setelah terhubung.").format(
            reason=account.state_reason or _("Izinnya tidak lagi berlaku.")
        ),
        reconnect_href(account),
        _("Hubungkan ulang"),
        channel_icon(account.channel),
        "bad",
    )


def health_of(
    profile: TenantProfile,
    sync: SyncFacts | None,
    failures: Mapping[ChannelName, int],
    accounts: Mapping[ChannelName, AccountState],
    *,
    has_relay: bool,
) -> tuple[Health, ...]:
    """Return whether the catalogue and each channel work."""
    found = [_catalogue(sync, profile)]
    for channel in sorted(profile.channels, key=lambda name: name is not ChannelName.EMAIL):
        label, icon = channel_label(channel), channel_icon(channel)
        failed = failures.get(channel, 0)
        if failed and accounts.get(channel) is not AccountState.RECONNECT:
            mail = channel is ChannelName.EMAIL
            found.append(
                Health(
                    label,
                    icon,
                    "attention",
                    ngettext("{n} gagal dalam tujuh hari", "{n} gagal dalam tujuh hari", failed).format(
                        n=number_text(failed)
                    ),
                    paths.mails(state="failed")
                    if mail
                    else paths.listing(paths.OUTBOX_POSTS, keadaan="failed", jenis=channel),
                    _("Lihat"),
                )
            )
        elif channel is ChannelName.WEBSITE or (channel is ChannelName.EMAIL and has_relay):
            found.append(Health(label, icon))
        elif (state := accounts.get(channel)) is not None:
            calm = state is AccountState.ACTIVE
            link = {} if calm else {"href": paths.SOCIAL, "action": _("Lihat")}
            found.append(Health(label, icon, "healthy" if calm else state.value, **link))
        else:
            found.append(Health(label, icon, "sandbox", _("kotak pasir")))
    return tuple(found)


def stats_of(now_: Window, before: Window, ready: int) -> tuple[Stat, ...]:
    """Return the numbers of 30 days against those of the 30 before; what was not recorded is not a zero."""
    shown = UNKNOWN if now_.businesses is None else number_text(now_.businesses)
    return (
        _stat(_("Klik orang"), now_.clicks, before.clicks, note=_("klik mesin tidak dihitung")),
        _stat(_("Pesanan"), now_.orders, before.orders),
        _stat(_("Nilai pesanan"), now_.revenue, before.revenue, money=True),
        Stat(
            _("UMKM yang tampil"),
            shown if now_.businesses is None else _("{n} dari {all}").format(n=shown, all=number_text(ready)),
            _("tidak tersedia: belum ada yang tampil") if now_.businesses is None else _("yang produknya siap"),
            href=paths.listing(paths.CATALOG, tab="siap"),
        ),
    )


def chart_of(moments: Sequence[datetime], start: datetime, end: datetime, profile: TenantProfile) -> BarChart | None:
    """Return the orders per day; None while there are none to draw."""
    if not moments:
        return None
    first, last = local_date(start, profile.tz), local_date(end - timedelta(microseconds=1), profile.tz)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    counted = Counter(local_date(moment, profile.tz) for moment in moments)
    best: date = max(days, key=lambda day: counted[day])
    return BarChart(
        _("Pesanan per hari"),
        _("{n} pesanan dalam {days} hari; paling banyak {best} pada {day}.").format(
            n=number_text(len(moments)), days=len(days), best=number_text(counted[best]), day=format_date_id(best)
        ),
        tuple(counted[day] for day in days),
        short_day(start, profile),
        short_day(end - timedelta(microseconds=1), profile),
    )


def agenda_item(line: CampaignLine, now: datetime, profile: TenantProfile) -> AgendaItem | None:
    """Return a campaign of this week; None without an hour."""
    moment = line.started_at or line.scheduled_at
    if moment is None:
        return None
    local = moment.astimezone(profile.tz)
    return AgendaItem(
        title=line.name,
        href=paths.campaign(line.id),
        state=line.state,
        time=f"{local:%H.%M}",
        day=weekday_text(moment, now, profile),
        iso=local.isoformat(timespec="minutes"),
        channels=line.channels,
    )


def first_steps(facts: FirstFacts, *, can_compose: bool) -> tuple[FirstStep, ...]:
    """Return the first-run checklist; nothing once all is done."""
    steps = (
        FirstStep(_("Hubungkan katalog dan ambil produknya"), facts.synced, paths.CATALOG, _("Buka katalog")),
        FirstStep(
            _("Produk pertama siap promosi"),
            facts.ready,
            paths.listing(paths.CATALOG, tab="tertahan"),
            _("Lihat alasannya"),
        ),
        FirstStep(_("Pembeli dengan persetujuannya masuk"), facts.people),
        FirstStep(_("Ada rekan yang berperan penyetuju"), facts.approver),
        FirstStep(
            _("Susun kampanye pertama"),
            facts.composed,
            paths.COMPOSE if can_compose else "",
            _("Susun"),
        ),
        FirstStep(_("Kampanye pertama keluar"), facts.sent),
    )
    return () if all(step.done for step in steps) else steps


def _catalogue(sync: SyncFacts | None, profile: TenantProfile) -> Health:
    label, said = _("Katalog"), sync_text(sync, profile)
    if sync is None:
        return Health(label, "box", "disconnected", said, paths.CATALOG, _("Lihat"))
    if sync.state == "failed":
        return Health(label, "box", "attention", said, paths.CATALOG, _("Lihat"))
    return Health(label, "box", note=said)


def _stat(label: str, figure: int | None, before: int | None, *, note: str = "", money: bool = False) -> Stat:
    if figure is None:
        return Stat(label, UNKNOWN, _("tidak tersedia"))

    def say(value: int) -> str:
        return rupiah_short(value) if money else number_text(value)

    compared = _("30 hari sebelumnya tidak tersedia") if before is None else _("dari {n}").format(n=say(before))
    change = round(100 * (figure - before) / before) if before else None
    return Stat(
        label=label,
        figure=say(figure),
        note="; ".join(filter(None, (compared, note))),
        trend="" if change is None else f"{abs(change)}%",
        direction="" if not change else "up" if change > 0 else "down",
        exact=format_rupiah(figure) if money else "",
    )
