"""Pages from views: Jinja2 with autoescape and StrictUndefined; a page that lacks a value fails in the test, not on screen."""

from functools import cache

from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from marketing.channels.website import structured_data
from marketing.i18n import gettext, language, ngettext
from marketing.web import assets, paths
from marketing.web.views import states
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Nav, Shell


def _number(value: int) -> str:
    """Write a number as people read it: 1.846 in Indonesian."""
    return str(format_decimal(value, locale=language()))


def share(part: int, whole: int) -> str:
    """Write a share with one decimal; something is never shown as nothing."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    smallest = 0.1
    if 0 < percent < smallest:
        return f"< {format_decimal(smallest, locale=language())}%"
    return f"{format_decimal(round(percent, 1), locale=language())}%"


def _data_block(node: structured_data.Node) -> Markup:
    """Write structured data as a block that browsers never run, so the policy on scripts does not concern it."""
    return Markup(f'<script type="application/ld+json">{structured_data.script(node)}</script>')  # noqa: S704  script() escapes


@cache
def environment() -> Environment:
    """Return the one environment of all pages."""
    env = Environment(
        loader=PackageLoader("marketing.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        _=gettext,
        ngettext=ngettext,
        language=language,
        asset=assets.asset,
        path=paths,
        chip_of=states.chip_of,
        channel_label=states.channel_label,
        channel_icon=states.channel_icon,
        share=share,
        data_block=_data_block,
    )
    env.filters["number"] = _number
    return env


def page(template: str, view: object, *, shell: Shell, nav: Nav | SiteNav | None = None) -> str:
    """Render a page: `v` is its view, `shell` the document around it, `nav` the way around."""
    return environment().get_template(template).render(v=view, shell=shell, nav=nav)


def fragment(template: str, view: object) -> str:
    """Render a part that a script puts into a standing page."""
    return environment().get_template(template).render(v=view)
