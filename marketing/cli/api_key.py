"""Commands on the keys with which other programs speak to Siar."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.domain.api_key import KeyScope
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.db.models import ApiKey

commands = typer.Typer()
group = typer.Typer(help=N_("Kunci bagi program lain (situs resmi, toko) untuk menyampaikan persetujuan orang."))
commands.add_typer(group, name="api-key")
TENANT = "tts, blitar"


@group.command("add", help=N_("Buat kunci; hanya ditampilkan sekali ini."))
def add_command(
    tenant: Annotated[str, typer.Option(help=TENANT)],
    name: Annotated[str, typer.Option(help=N_("program yang memakainya, misalnya “Situs resmi”"))],
    scope: Annotated[list[KeyScope], typer.Option(help=N_("izinnya; boleh lebih dari satu"))],
) -> None:
    """Make a key and print it, alone on the first line, so that it can be piped away."""
    from marketing.accounts import api_keys

    with opened(tenant) as (app, profile):
        with app.database.write() as session:
            key = api_keys.add(session, tenant_id=profile.id, name=name, scopes=scope, user_id=None, now=app.clock())
        print(key.secret)
        typer.echo(_("Simpan sekarang: kunci ini tidak dapat ditampilkan lagi."), err=True)


@group.command("list", help=N_("Daftar kunci: awalan, nama, izin, hari pemakaian terakhir."))
def list_command(
    tenant: Annotated[str, typer.Option(help=TENANT)],
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Print every key without its secret."""
    from marketing.accounts import api_keys

    with opened(tenant) as (app, profile), app.database.read() as session:
        rows = list(api_keys.keys_of(session, profile.id))
    if as_json:
        print(json.dumps([_as_json(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        used = row.last_used_on.isoformat() if row.last_used_on else _("belum pernah dipakai")
        state = _("dicabut") if row.revoked_at else used
        print(f"{row.prefix}  {row.name}  {', '.join(row.scopes)}  {state}")
    if not rows:
        print(_("Belum ada kunci."))


@group.command("revoke", help=N_("Cabut satu kunci; berlaku seketika."))
def revoke_command(
    prefix: Annotated[str, typer.Argument(help=N_("awalan kunci, dari daftarnya"))],
    tenant: Annotated[str, typer.Option(help=TENANT)],
) -> None:
    """Let a key open nothing any more."""
    from marketing.accounts import api_keys

    with opened(tenant) as (app, profile):
        with app.database.write() as session:
            api_keys.revoke(session, tenant_id=profile.id, prefix=prefix, user_id=None, now=app.clock())
        print(_("Kunci {prefix} dicabut.").format(prefix=prefix))


def _as_json(row: "ApiKey") -> dict[str, Any]:
    return {
        "prefix": row.prefix,
        "name": row.name,
        "scopes": row.scopes,
        "created_at": row.created_at.isoformat(),
        "last_used_on": row.last_used_on.isoformat() if row.last_used_on else None,
        "revoked": row.revoked_at is not None,
    }
