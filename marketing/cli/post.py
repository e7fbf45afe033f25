"""Posts from the command line: what a channel would get."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.bootstrap import App
    from marketing.delivery.post_preview import Previewed
    from marketing.domain.content import Capabilities

commands = typer.Typer()
post = typer.Typer(help=N_("Kiriman di kanal: pratinjau dan yang menunggu petugas."))
commands.add_typer(post, name="post")


@post.command(
    "preview",
    help=N_(
        "Tulis teks dan gambar persis seperti yang akan diterima kanal, beserta ukurannya terhadap batas kanal itu."
    ),
)
def preview_command(
    *,
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    product: Annotated[list[str], typer.Option(help=N_("id produk seperti di katalog; ulangi untuk album"))],
    out: Annotated[Path, typer.Option(help=N_("folder tempat berkas ditulis"))],
    channel: Annotated[
        list[str] | None, typer.Option(help=N_("facebook, instagram, …; ulangi untuk beberapa, kosong: semua kanal"))
    ] = None,
    locale: Annotated[str, typer.Option(help="id | en")] = "id",
    account: Annotated[int, typer.Option(help=N_("nomor akun, lihat “siar social list”; 0: tanpa akun"))] = 0,
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Write one post per channel as files."""
    from marketing.channels.registry import PUBLISHING_CHANNELS, capabilities
    from marketing.delivery.post_preview import PostPreviews, offers_of
    from marketing.errors import InvalidInputError
    from marketing.i18n import LANGUAGES

    known = {one.value: one for one in PUBLISHING_CHANNELS}
    wanted = channel or list(known)
    if unknown := [name for name in wanted if name not in known]:
        text = _("Kanal “{name}” tidak dikenal. Pilih: {known}.")
        raise InvalidInputError(text.format(name=unknown[0], known=", ".join(known)))
    if locale not in LANGUAGES:
        raise InvalidInputError(_("Bahasa “{name}” tidak ada. Pilih: {known}.").format(name=locale, known="id, en"))
    with opened(tenant) as (app, profile):
        name, limits = _of_account(app, tenant, account) if account else ("", None)
        if limits is not None and limits.channel.value not in wanted:
            raise InvalidInputError(_("Akun nomor {number} bukan akun kanal itu.").format(number=account))
        with app.database.read() as session:
            offers = offers_of(session, profile.id, product)
        previews = PostPreviews(app.posts, profile, locale, app.clock())
        chosen = [limits] if limits is not None else [capabilities(known[one]) for one in dict.fromkeys(wanted)]
        found = [previews.write(offers, one, name, out) for one in chosen]
    if as_json:
        print(json.dumps({"posts": [one.measures for one in found]}, ensure_ascii=False))
        return
    for one in found:
        _print(one)


def _of_account(app: "App", tenant: str, number: int) -> "tuple[str, Capabilities]":
    """Return an account's name and what it can carry; NotFoundError when this Daerah has no such account."""
    from marketing.channels.errors import ChannelError
    from marketing.db.models import ChannelAccount
    from marketing.errors import InvalidInputError, NotFoundError

    with app.database.read() as session:
        row = session.get(ChannelAccount, number)
    if row is None or row.tenant_id != tenant:
        raise NotFoundError(_("Akun nomor {number} tidak ada di Daerah ini.").format(number=number))
    try:
        publisher = app.publishers.of(tenant, row.channel, str(number), sending=False)
    except ChannelError as error:
        text = _("Akun “{name}” tidak dapat dibuka: {reason}")
        raise InvalidInputError(text.format(name=row.name, reason=error)) from error
    return row.name, publisher.capabilities


def _print(one: "Previewed") -> None:
    text, found = one.measures["text"], one.measures
    line = _("{channel}: {counted} dari {limit} karakter, {tags} tagar, {pictures} gambar")
    print(
        line.format(
            channel=one.channel.value,
            counted=text["counted"],
            limit=text["limit"],
            tags=found["hashtags"]["count"],
            pictures=len(found["pictures"]),
        )
    )
    for sentence in found["refused"]:
        print("  " + _("Ditolak: {why}").format(why=sentence))
    for sentence in found["left_out"]:
        print("  " + _("Tidak ikut: {why}").format(why=sentence))
    for path in one.files:
        print(f"  {path}")
