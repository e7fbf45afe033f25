"""Read the log of a relay once, by hand: what it says of messages in doubt."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from marketing.cli.mail import mail
from marketing.cli.opening import opened
from marketing.errors import StorageError
from marketing.i18n import N_
from marketing.i18n import gettext as _

commands = typer.Typer()
_CHUNK = 1024 * 1024


@mail.command(
    "log", help=N_("Baca log relai (Postfix atau Exim) untuk memastikan kiriman yang belum pasti; “-”: dari masukan.")
)
def log_command(
    file: Annotated[str, typer.Argument(help=N_("berkas log, atau “-”"))],
    tenant: Annotated[str, typer.Option("--tenant", help="tts, blitar")],
) -> None:
    """Settle what is in doubt by what the relay wrote; reading it twice changes nothing."""
    from marketing.channels.email.inbound.relay_log import lines_of
    from marketing.delivery.relay_log import LogMemory
    from marketing.feedback import relay_log_of

    with opened(tenant) as (app, _profile):
        try:
            found = relay_log_of(app).read((line for line, _done in lines_of(_chunks(file))), LogMemory())
        except OSError as error:
            raise StorageError(
                _("Log relai “{path}” tidak dapat dibaca ({reason}).").format(path=file, reason=error.strerror or error)
            ) from error
    said = _(
        "{lines} baris dibaca, {ours} tentang surat kami: {accepted} dipastikan sampai di relai, {bounced} dikembalikan,"
        " {never} tidak pernah sampai di relai."
    )
    print(
        said.format(
            lines=found.lines,
            ours=found.ours,
            accepted=found.accepted,
            bounced=found.bounced,
            never=found.never_arrived,
        )
    )


def _chunks(file: str) -> Iterator[bytes]:
    if file == "-":
        yield from iter(lambda: sys.stdin.buffer.read(_CHUNK), b"")
        yield b"\n"  # the end of what is piped in is the end of its last line
        return
    with Path(file).open("rb") as opened_file:
        yield from iter(lambda: opened_file.read(_CHUNK), b"")
        yield b"\n"
