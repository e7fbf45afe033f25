"""What an operator says about a spreadsheet that its headings do not say: sheets, columns, and what empty cells mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalog_sync.sources.spreadsheet.fields import Field, field_named
from marketing.domain.text import one_line
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tabular.headings import key

KEYS: Final = ("columns", "sheet", "defaults")
IGNORED: Final = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What to read how.

    `columns`: field by the key of a heading (empty: leave this column out), `written`: that heading as it was given;
    `sheets`: titles; `defaults`: text for empty cells. `remembered` is what the last pull found by itself: it comes after `columns`, and a heading that is gone is no error.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    defaults: Mapping[Field, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)

    def field_of(self, heading: str, *, of_business: bool) -> Field | str | None:
        """Return the field that the operator or the last pull gave this heading, IGNORED, or None when neither did."""
        for known in (self.columns, self.remembered):
            name = known.get(key(heading))
            if name == IGNORED:
                return IGNORED
            if name is not None and (found := field_named(name, of_business=of_business)):
                return found
        return None


def read_rules(mapping: Mapping[str, Any], memory: Mapping[str, Any]) -> Rules:
    """Read an operator's mapping; CatalogError names what does not fit. What the memory holds amiss is left out."""
    unknown = sorted(str(name) for name in set(mapping) - set(KEYS))
    if unknown:
        raise _wrong(unknown[0], _("yang dikenal: {known}").format(known=", ".join(KEYS)))
    columns = _texts(mapping, "columns")
    for heading, name in columns.items():
        if name and field_named(name, of_business=False) is None:
            raise _wrong(
                heading,
                _("“{name}” bukan nama kolom Siar; yang dikenal: {known}").format(
                    name=one_line(name)[:40], known=", ".join(Field)
                ),
            )
    defaults: dict[Field, str] = {}
    for name, text in _texts(mapping, "defaults").items():
        found = field_named(name, of_business=False)
        if found is None:
            raise _wrong(name, _("yang dikenal: {known}").format(known=", ".join(Field)))
        defaults[found] = text
    kept = memory.get("columns")
    remembered = {
        key(heading): name
        for heading, name in (kept.items() if isinstance(kept, Mapping) else ())
        if isinstance(heading, str) and isinstance(name, str) and name
    }
    return Rules(
        columns={key(one): name for one, name in columns.items()},
        written={key(one): one for one in columns},
        sheets=_sheets(mapping),
        defaults=defaults,
        remembered=remembered,
    )


def _texts(mapping: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return an object of texts; null is an empty one."""
    given = mapping.get(name) or {}
    if not isinstance(given, Mapping):
        raise _wrong(name, _("harus berupa objek"))
    texts = {one: text or "" for one, text in given.items()}
    if not all(isinstance(one, str) and isinstance(text, str) for one, text in texts.items()):
        raise _wrong(name, _("harus berisi teks"))
    return texts


def _sheets(mapping: Mapping[str, Any]) -> tuple[str, ...]:
    given = mapping.get("sheet") or ()
    titles = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, list | tuple) else (None,)
    if not all(isinstance(title, str) for title in titles):
        raise _wrong("sheet", _("harus berupa judul lembar, atau daftar judul"))
    return tuple(str(title) for title in titles)


def _wrong(name: str, reason: str) -> CatalogError:
    return CatalogError(
        _("Pemetaan spreadsheet “{name}” tidak sah: {reason}.").format(name=one_line(name)[:60], reason=reason)
    )
