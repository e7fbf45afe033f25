"""The `siar` command. Errors reach people as one sentence on standard error and a non-zero exit code."""

import sys

import click

from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.i18n import set_language


def main() -> None:
    """Run the command line."""
    from marketing.cli.app import cli
    from marketing.settings import load_settings

    try:
        set_language(load_settings().lang)
        sys.exit(cli(standalone_mode=False) or 0)
    except MarketingError as error:
        print(f"siar: {error}", file=sys.stderr)
        sys.exit(1)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(_("Dihentikan."), file=sys.stderr)
        sys.exit(130)
