"""Texts for people: Indonesian is the source, other languages come from locale/<lang>/LC_MESSAGES/siar.po.

Catalogues are read as .po at start, so no compiled file has to be kept in step.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "id"
LANGUAGES = ("id", "en")
_language: ContextVar[str] = ContextVar("siar_language", default=SOURCE_LANGUAGE)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    entry = resources.files("marketing") / "locale" / language / "LC_MESSAGES" / "siar.po"
    if language == SOURCE_LANGUAGE or not entry.is_file():
        return _gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(entry.read_bytes()), locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def set_language(language: str) -> None:
    """Choose the language of this thread of work; an unknown one falls back to Indonesian."""
    _language.set(language if language in LANGUAGES else SOURCE_LANGUAGE)


def language() -> str:
    """Return the language in force."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Keep to one language for a while (an unknown one is Indonesian): a mail speaks its reader's, whoever sends it off."""
    before = _language.set(language if language in LANGUAGES else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _language.reset(before)


def N_(text: str) -> str:  # noqa: N802  the name by which extraction tools know it
    """Mark a text that stands in a constant; whoever shows it passes it through `gettext`."""
    return text


def gettext(text: str) -> str:
    """Translate one Indonesian text."""
    return _catalogue(_language.get()).gettext(text)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Translate a text that counts; Indonesian has one form for both."""
    return _catalogue(_language.get()).ngettext(singular, plural, number)
