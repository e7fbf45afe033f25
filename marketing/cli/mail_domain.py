"""The office's sending domains from the command line: what the DNS says of them, their keys, their warm-up."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.domain.mail_auth import Finding
    from marketing.mail.doctor import Examined

commands = typer.Typer()
doctor = typer.Typer(help=N_("Periksa kantor ini: surelnya di mata dunia, basis datanya, neracanya."))
dkim = typer.Typer(help=N_("Kunci DKIM, untuk kantor yang relainya tidak menandatangani."))
warm_up = typer.Typer(help=N_("Pemanasan: domain baru mengirim sedikit dahulu."))
commands.add_typer(doctor, name="doctor")
commands.add_typer(dkim, name="dkim")
commands.add_typer(warm_up, name="warm-up")

TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]
TheDomain = Annotated[str, typer.Option("--domain", help=N_("domain pengirim; kosong: domain pemasaran"))]
NameServer = Annotated[str, typer.Option(help=N_("server nama yang ditanya, alamat atau alamat:port"))]


@doctor.callback()
def _doctor() -> None:
    """Keep `dns` a command of its own, also while it is the only one."""


@doctor.command("dns", help=N_("SPF, DKIM, DMARC, keselarasan, MX, PTR, TLS; cetak catatan yang perlu diterbitkan."))
def dns_command(
    tenant: TheTenant,
    ip: Annotated[list[str] | None, typer.Option(help=N_("alamat IP keluar; boleh berulang"))] = None,
    name_server: NameServer = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Examine every sending domain of an office; exit code 1 when something is wrong."""
    from marketing.channels.email.dns_facts import DnsFacts, resolver_of
    from marketing.mail.doctor import as_json as finding_json
    from marketing.mail.doctor import examine, keep, keys_by_domain
    from marketing.mail.domains import mail_accounts
    from marketing.mail.surroundings import surroundings_of

    with opened(tenant) as (app, profile):
        with app.database.write() as session:
            keys = keys_by_domain(session, profile, app.clock())
            accounts = mail_accounts(session, profile.id)
        around = surroundings_of(app.settings, accounts, ip or ())
        examined = examine(keys, DnsFacts(resolver_of(name_server)), around)
        with app.database.write() as session:
            keep(session, profile, examined, app.clock())
    if as_json:
        found = [
            {"domain": one.domain, "sound": one.sound, "findings": [finding_json(each) for each in one.findings]}
            for one in examined
        ]
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in examined:
            print("\n".join(_lines(one)))
    if not all(one.sound for one in examined):
        raise typer.Exit(1)


@dkim.command("new", help=N_("Buat kunci baru; cetak catatan TXT yang harus diterbitkan."))
def new_command(tenant: TheTenant, domain: TheDomain = "") -> None:
    """Make a key; the one in force goes on signing until the new one is activated."""
    from marketing.channels.email.dkim import txt_strings
    from marketing.mail.domains import domains_of, new_key, record_name

    with opened(tenant) as (app, profile), app.database.write() as session:
        chosen = domain or domains_of(profile)[0]
        key = new_key(session, profile, chosen, app.settings.sealer, app.clock())
        print(_("Terbitkan catatan ini di DNS {domain}, lalu jalankan: siar dkim activate.").format(domain=chosen))
        print(f"{record_name(key, chosen)}. TXT {' '.join(_quoted(text) for text in txt_strings(key.record))}")


@dkim.command("activate", help=N_("Pakai kunci terbaru, setelah catatannya terlihat di DNS."))
def activate_command(tenant: TheTenant, domain: TheDomain = "", name_server: NameServer = "") -> None:
    """Let the newest key sign."""
    from marketing.channels.email.dns_facts import DnsFacts, resolver_of
    from marketing.mail.domains import activate, domains_of, newest_key, record_name

    with opened(tenant) as (app, profile):
        chosen = domain or domains_of(profile)[0]
        with app.database.write() as session:
            key = newest_key(session, profile, chosen, app.clock())
            name, record = record_name(key, chosen), key.record
        seen = DnsFacts(resolver_of(name_server)).dkim(name, record)
        with app.database.write() as session:
            key = activate(session, profile, chosen, seen, app.clock())
            said = _("Surel dari {domain} ditandatangani dengan kunci {selector}.")
            print(said.format(domain=chosen, selector=key.selector))


@warm_up.command(
    "start", help=N_("Mulai pemanasan hari ini: batas per jam untuk tiap domain penerima tumbuh tiap hari.")
)
def start_command(tenant: TheTenant, domain: TheDomain = "") -> None:
    """Begin to warm a domain up."""
    _set_warm_up(tenant, domain, begin=True)


@warm_up.command("stop", help=N_("Hentikan pemanasan: domain sudah lama mengirim dan tidak perlu dibatasi."))
def stop_command(tenant: TheTenant, domain: TheDomain = "") -> None:
    """Lift the caps."""
    _set_warm_up(tenant, domain, begin=False)


@warm_up.command("show", help=N_("Cetak batas hari ini dan hari-hari berikutnya."))
def show_command(tenant: TheTenant, domain: TheDomain = "") -> None:
    """Print the caps of the coming days."""
    from marketing.domain.warm_up import HOURLY, hourly_cap
    from marketing.mail.domains import domain_row, domains_of

    with opened(tenant) as (app, profile), app.database.write() as session:
        row = domain_row(session, profile, domain or domains_of(profile)[0], app.clock())
        now: datetime = app.clock()
        if hourly_cap(row.warm_up_from, now) is None:
            print(_("{domain} tidak dibatasi.").format(domain=row.domain))
            return
        for ahead in range(len(HOURLY)):
            cap = hourly_cap(row.warm_up_from, now + timedelta(days=ahead))
            if cap is None:
                break
            day = (now + timedelta(days=ahead)).astimezone(profile.tz).date()
            print(_("{day}: {cap} surel per jam untuk tiap domain penerima").format(day=day.isoformat(), cap=cap))


def _set_warm_up(tenant: str, domain: str, *, begin: bool) -> None:
    from marketing.mail.domains import domains_of, set_warm_up

    with opened(tenant) as (app, profile), app.database.write() as session:
        row = set_warm_up(session, profile, domain or domains_of(profile)[0], app.clock(), begin=begin)
        said = _("Pemanasan {domain} dimulai.") if begin else _("{domain} tidak dibatasi lagi.")
        print(said.format(domain=row.domain))


def _lines(one: "Examined") -> "list[str]":
    return [one.domain, *(line for finding in one.findings for line in _finding_lines(finding))]


def _finding_lines(finding: "Finding") -> list[str]:
    from marketing.domain.mail_auth import Level

    marks: dict[Level, Any] = {
        Level.GOOD: _("baik"),
        Level.WARN: _("perhatikan"),
        Level.BAD: _("salah"),
        Level.UNKNOWN: _("tidak diketahui"),
    }
    lines = [f"  {finding.check.upper():9} {marks[finding.level]:16} {finding.subject}: {finding.text}"]
    if finding.publish:
        lines.append(
            _("            terbitkan: {record}").format(
                record=f"{finding.publish.name}. {finding.publish.type} {_quoted(finding.publish.value)}"
            )
        )
    return lines


def _quoted(text: str) -> str:
    return f'"{text}"'
