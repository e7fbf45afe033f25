"""Personal messages of WhatsApp from the command line: a campaign in a template, and order news beside the e-mail."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from marketing.cli.campaign import TheActor, TheTenant, campaign
from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

TheTemplate = Annotated[
    str, typer.Option("--template", help=N_("nama/bahasa, lihat “siar social whatsapp-templates list”"))
]
TheFields = Annotated[list[str] | None, typer.Option("--field", help=N_("isi setiap isian, berurutan; boleh berulang"))]
WHATSAPP = N_("Tulis draf pesan pribadi WhatsApp dalam templat yang disetujui, dan tampilkan hasilnya.")
ORDERS = N_("Kirim kabar pesanan juga lewat WhatsApp, dalam templat utilitas ini; --off untuk berhenti.")


@campaign.command("whatsapp", help=WHATSAPP)
def whatsapp_command(
    tenant: TheTenant,
    actor: TheActor,
    *,
    name: Annotated[str, typer.Option(help=N_("nama kampanye"))],
    template: TheTemplate,
    product: Annotated[list[int], typer.Option(help=N_("nomor produk; boleh berulang"))],
    text: Annotated[str, typer.Option(help=N_("teks kampanye"))],
    field: TheFields = None,
    headline: Annotated[str, typer.Option(help=N_("judul; tanpa ini nama kampanye"))] = "",
    at: Annotated[datetime | None, typer.Option(help=N_("jam keluar menurut Daerah"))] = None,
    submit: Annotated[bool, typer.Option("--submit", help=N_("minta persetujuan sekaligus"))] = False,
) -> None:
    """Write a draft, show the message, and ask for approval if wanted."""
    from marketing.cli.acting import acting
    from marketing.delivery.chat_templates import find_template
    from marketing.domain.campaign import CHAT, CampaignContent, ChatTemplate
    from marketing.domain.chat import guessed
    from marketing.domain.types import EmailType
    from marketing.domain.whatsapp_template import holes
    from marketing.errors import InvalidInputError
    from marketing.products.catalogue import load_offers

    title, (given, _slash, language) = headline or name, template.partition("/")
    with opened(tenant) as (app, profile), app.database.write() as session:
        found = find_template(session, profile.id, ChatTemplate(given, language))
        if found is None:
            raise InvalidInputError(_("Pilih templat WhatsApp yang disetujui Meta."), field="templat")
        fields = tuple(field or guessed(holes(found.shape.body)))
        content = CampaignContent(
            email_type=EmailType.PROMOTIONAL,
            variant=CHAT,
            subject=title,
            preheader="",
            headline=title,
            body=text,
            product_ids=tuple(product),
            channels=(),
            chat=ChatTemplate(found.name, found.language, fields),
        )
        due = at.replace(tzinfo=profile.tz).astimezone(UTC) if at else None
        user = acting(session, profile.id, actor)
        row = app.campaigns.create(session, user, name=name, content=content, scheduled_at=due)
        if submit:
            app.campaigns.submit(session, user, row.id)
        offers = load_offers(session, profile.id, content.product_ids).values()
        shown = app.chats.shown(found, content, offers, profile, app.clock())
        print(*filter(None, (shown.header, shown.body, shown.footer, *(f"[{one}]" for one in shown.actions))), sep="\n")
        said = _("Kampanye {id} menunggu persetujuan.") if submit else _("Draf kampanye {id} tersimpan.")
        print(said.format(id=row.id))


@campaign.command("whatsapp-orders", help=ORDERS)
def orders_command(
    tenant: TheTenant,
    actor: TheActor,
    template: TheTemplate = "",
    field: TheFields = None,
    *,
    off: Annotated[bool, typer.Option("--off", help=N_("berhenti mengirim kabar pesanan lewat WhatsApp"))] = False,
) -> None:
    """Switch order news by WhatsApp on in a template, or off."""
    from marketing.campaigns.automations.order_chat import switch_off_chat, switch_on_chat
    from marketing.cli.acting import acting
    from marketing.domain.campaign import ChatTemplate

    name, _slash, language = template.partition("/")
    with opened(tenant) as (app, profile), app.database.write() as session:
        user = acting(session, profile.id, actor)
        if off:
            switch_off_chat(session, approver=user, now=app.clock())
            print(_("Kabar pesanan lewat WhatsApp dihentikan; surelnya tetap dikirim."))
            return
        wanted = ChatTemplate(name, language, tuple(field or ()))
        switch_on_chat(session, approver=user, profile=profile, wanted=wanted, now=app.clock())
        print(_("Kabar pesanan juga dikirim lewat WhatsApp kepada pembeli yang menyetujuinya."))
