"""Commands on segments: who belongs, in numbers and in words; saved ones."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketing.bootstrap import App
    from marketing.db.models import Segment

commands = typer.Typer()
group = typer.Typer(help=N_("Segmen: syarat siapa yang termasuk, jumlahnya sekarang, dan artinya dalam kata."))
commands.add_typer(group, name="segment")

Expression = Annotated[
    str, typer.Argument(help=N_("syarat, misalnya: kind = masyarakat and bought(category=kerajinan, days=180)"))
]
Name = Annotated[str, typer.Argument(help=N_("nama segmen, atau nomornya"))]
Tenant = Annotated[str, typer.Option(help="tts, blitar")]
AsJson = Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))]


@group.command("count", help=N_("Hitung siapa yang termasuk sekarang, tanpa menyimpan apa pun."))
def count_command(expression: Expression, tenant: Tenant, as_json: AsJson = False) -> None:
    """Count the people of an expression."""
    from marketing.contacts.segments import count, understand

    with opened(tenant) as (app, profile), app.database.read() as session:
        meant = understand(session, profile.id, expression)
        number = count(session, profile.id, meant.whole, app.clock())
    _print({"count": number, "text": meant.text, "explanation": meant.explanation}, as_json=as_json)


@group.command("list", help=N_("Daftar segmen yang tersimpan."))
def list_command(
    tenant: Tenant, as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False
) -> None:
    """List the saved segments; nobody is counted."""
    from marketing.contacts.segments import explanation_of, listed

    with opened(tenant) as (app, profile), app.database.read() as session:
        rows = [
            {
                "id": row.id,
                "name": row.name,
                "text": row.expression["text"],
                "explanation": explanation_of(session, row),
            }
            for row in listed(session, profile.id)
        ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['id']}\t{row['name']}\t{row['explanation']}")
    if not rows:
        print(_("Belum ada segmen."))


@group.command("save", help=N_("Simpan segmen; yang bernama sama diganti."))
def save_command(
    name: Annotated[str, typer.Argument(help=N_("nama segmen"))],
    expression: Expression,
    tenant: Tenant,
    as_json: AsJson = False,
) -> None:
    """Save a segment under a name."""
    from marketing.accounts.audit import write_audit
    from marketing.contacts.segments import named, save

    with opened(tenant) as (app, profile):
        with app.database.write() as session:
            standing = named(session, profile.id, name)
            row = save(
                session,
                tenant_id=profile.id,
                name=name,
                text=expression,
                user_id=None,
                now=app.clock(),
                segment_id=standing.id if standing else None,
            )
            write_audit(
                session,
                tenant_id=profile.id,
                user_id=None,
                action="segment.saved",
                subject=f"segment:{row.id}",
                now=app.clock(),
            )
            number = row.id
        with app.database.read() as session:
            _print(_facts(app, session, profile.id, str(number)), as_json=as_json)


@group.command("show", help=N_("Tampilkan satu segmen tersimpan: artinya, jumlahnya sekarang, dan di mana dipakai."))
def show_command(name: Name, tenant: Tenant, as_json: AsJson = False) -> None:
    """Show a saved segment as it stands now."""
    with opened(tenant) as (app, profile), app.database.read() as session:
        _print(_facts(app, session, profile.id, name), as_json=as_json)


def _facts(app: "App", session: "Session", tenant_id: str, name: str) -> dict[str, Any]:
    from marketing.contacts.segments import count, explanation_of, uses, whole_of

    row = _found(session, tenant_id, name)
    return {
        "id": row.id,
        "name": row.name,
        "count": count(session, tenant_id, whole_of(session, row), app.clock()),
        "text": row.expression["text"],
        "explanation": explanation_of(session, row),
        "used_by": uses(session, row),
    }


def _found(session: "Session", tenant_id: str, name: str) -> "Segment":
    from marketing.contacts.segments import MAX_NUMBER_DIGITS, find, named
    from marketing.errors import NotFoundError

    if (row := named(session, tenant_id, name)) is not None:
        return row
    if name.isascii() and name.isdigit() and len(name) <= MAX_NUMBER_DIGITS:
        return find(session, tenant_id, int(name))
    raise NotFoundError(_("Tidak ada segmen bernama “{name}”. Lihat `siar segment list`.").format(name=name))


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    if "name" in found:
        print(f"{found['id']} {found['name']}")
    print(found["explanation"])
    print(ngettext("{n} orang sekarang.", "{n} orang sekarang.", found["count"]).format(n=found["count"]))
    print(found["text"])
    if found.get("used_by"):
        print(_("Dipakai: {uses}.").format(uses=", ".join(found["used_by"])))
