"""The commands, gathered."""

from collections.abc import Callable
from typing import Any

import typer

from marketing.cli import (
    api_key,
    campaign,
    catalog,
    chat,  # noqa: F401  hangs its commands onto those of `campaign`
    consent,
    contacts,
    data,
    demo,
    gate,
    mail,
    mail_domain,
    mail_log,
    mail_template,
    mailbox,
    marketplace,
    people,
    post,
    post_doubts,  # noqa: F401  hangs its commands onto those of `post`
    privacy,
    restore,
    run,
    segment,
    social,
    social_group,  # noqa: F401  hangs its command onto those of `social`
    telegram_bot,  # noqa: F401  hangs its commands onto those of `social`
    website,
    whatsapp,  # noqa: F401  hangs its commands onto those of `social`
)
from marketing.i18n import N_
from marketing.i18n import gettext as _

_commands = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain sentences, not boxes
    help=N_("Siar: pemasaran UMKM lintas kanal untuk Dinas."),
)
for group in (
    data.commands,
    catalog.commands,
    gate.commands,
    mail.commands,
    mail_domain.commands,
    mail_log.commands,
    campaign.commands,
    restore.commands,
    mail_template.commands,
    mailbox.commands,
    marketplace.commands,
    social.commands,
    post.commands,
    website.commands,
    run.commands,
    people.commands,
    segment.commands,
    consent.commands,
    contacts.commands,
    privacy.commands,
    api_key.commands,
    demo.commands,
):
    _commands.add_typer(group)


def build() -> Callable[..., Any]:
    """Return the command line with its help in the language in force."""
    command = typer.main.get_command(_commands)
    _translate(command)
    return command


def _translate(command: Any) -> None:
    command.help = _(command.help) if command.help else None
    for parameter in command.params:
        if wording := getattr(parameter, "help", None):
            parameter.help = _(wording)
    for child in getattr(command, "commands", {}).values():
        _translate(child)
