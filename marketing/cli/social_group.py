"""WhatsApp groups from the command line: a name, and the person who shares there."""

from typing import Annotated

import typer

from marketing.cli.social import acting_person, social
from marketing.i18n import N_
from marketing.i18n import gettext as _


@social.command("group", help=N_("Tambahkan grup WhatsApp; petugasnya menerima tugas berbagi setiap kampanye."))
def group_command(
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    actor: Annotated[str, typer.Option("--as", help=N_("surel orang yang bertindak; namanya tercatat"))],
    name: Annotated[str, typer.Option(help=N_("nama grup, persis seperti di WhatsApp"))],
    person: Annotated[str, typer.Option(help=N_("surel admin grup itu; kosong: siapa saja di kantor"))] = "",
) -> None:
    """Keep a group with its administrator."""
    from marketing.cli.acting import acting
    from marketing.social.persons import add_group

    with acting_person(tenant, actor) as (app, user):
        with app.database.read() as session:
            person_id = acting(session, user.tenant_id, person).id if person else None
        number = add_group(app.social, user, name, person_id)
    print(_("Grup “{name}” tersimpan dengan nomor {number}.").format(name=name, number=number))
