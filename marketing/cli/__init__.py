"""The `siar` command. Errors reach people as one sentence on standard error and a non-zero exit code."""

import sys

import typer
from typer.exceptions import TyperException

from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.i18n import set_language

USAGE = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    from marketing.cli.app import build
    from marketing.settings import load_settings

    try:
        set_language(load_settings().lang)
        cli = build()
        sys.exit(cli(sys.argv[1:] or ["--help"], standalone_mode=False) or 0)
    except MarketingError as error:
        print(f"siar: {error}", file=sys.stderr)
        sys.exit(1)
    except TyperException as error:
        reason = error.format_message().rstrip(".")
        said = _("Perintah ini tidak dapat dibaca: {reason}. Lihat `siar --help`.").format(reason=reason)
        print(f"siar: {said}", file=sys.stderr)
        sys.exit(USAGE)
    except (KeyboardInterrupt, typer.Abort):
        print(_("Dihentikan."), file=sys.stderr)
        sys.exit(INTERRUPTED)
