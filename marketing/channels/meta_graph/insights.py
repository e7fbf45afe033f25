"""The figures of one post or medium: what every reader sees of it, and what Meta counts for its owner.

Since 15 June 2026 the `*_impressions*` metrics of Pages are refused as invalid (channels.md A.4). A metric that is refused so is
left out and remembered; after `REFUSED_FOR` it is tried again, for Meta also brings some back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from marketing.channels.errors import PermanentError, ReconnectError
from marketing.channels.measuring import Measured, Measurement, Missing, Unmeasured
from marketing.channels.meta_graph.answers import MissingError, ParameterError, RightsError
from marketing.channels.meta_graph.graph import FIGURES_REST_UNTIL, Graph
from marketing.domain.insights import Metric, counts
from marketing.i18n import gettext as _

REFUSED: Final = "meta_refused_metrics"
REFUSED_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Countable:
    """What an account's posts have: `shown` are fields of the post (a path of names), `metrics` those of its insights edge."""

    fields: str
    shown: Mapping[Metric, tuple[str, ...]]
    metrics: Mapping[Metric, str]


def measure(graph: Graph, account: str, thing: str, countable: Countable) -> Measurement:
    """Return the figures of a thing of this account; ReconnectError and TemporaryError when nobody could be asked."""
    graph.rested(FIGURES_REST_UNTIL)
    try:
        shown = graph.read(thing, fields=countable.fields)
    except MissingError:
        return _missing(graph, account)
    except PermanentError as error:
        if _closes(error):
            raise
        return Unmeasured(str(error))
    found = counts((metric, _reached(shown, path)) for metric, path in countable.shown.items())
    try:
        given = _insights(graph, thing, countable.metrics)
    except PermanentError as error:
        if _closes(error):
            raise
        return Measured(found) if found else Unmeasured(str(error))  # only what every reader sees
    return Measured(found | given)


def _closes(error: PermanentError) -> bool:
    """Return whether the account is closed; one that only lacks the right to its figures still posts."""
    return isinstance(error, ReconnectError) and not isinstance(error, RightsError)


def _missing(graph: Graph, account: str) -> Measurement:
    """Meta has one answer for "no such thing" and for "not for you": whoever may not see the account either cannot tell."""
    try:
        graph.read(account, fields="id")
    except (MissingError, RightsError):
        return Unmeasured(_("Meta tidak memperlihatkan akun ini lagi. Periksa izinnya dengan “siar social check”."))
    return Missing()


def _insights(graph: Graph, thing: str, metrics: Mapping[Metric, str]) -> dict[Metric, int]:
    now = graph.clock()
    refused = {name: at for name, at in graph.memory.read().get(REFUSED, {}).items() if _lasts(at, now)}
    wanted = {metric: name for metric, name in metrics.items() if name not in refused}
    if not wanted:
        return {}
    try:
        return _asked(graph, thing, wanted)
    except ParameterError:  # one of them is no metric any more; Meta does not say which
        pass
    found: dict[Metric, int] = {}
    for metric, name in wanted.items():
        try:
            found |= _asked(graph, thing, {metric: name})
        except ParameterError:
            refused[name] = now.isoformat()
    graph.memory.keep(**{REFUSED: refused})
    return found


def _asked(graph: Graph, thing: str, metrics: Mapping[Metric, str]) -> dict[Metric, int]:
    answer = graph.read(thing, "insights", metric=",".join(metrics.values()))
    records = {str(record.get("name")): record for record in answer.get("data") or [] if isinstance(record, dict)}
    return counts((metric, _value(records.get(name, {}))) for metric, name in metrics.items())


def _value(record: Mapping[str, Any]) -> object:
    """Return the value of a metric, which stands in one of two places; no record at all means that nothing is known yet."""
    total = record.get("total_value")
    if isinstance(total, dict):
        return total.get("value")
    values = record.get("values")
    last = values[-1] if isinstance(values, list) and values else None
    return last.get("value") if isinstance(last, dict) else None


def _reached(record: object, path: tuple[str, ...]) -> object:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _lasts(at: object, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(str(at)) < REFUSED_FOR
    except (TypeError, ValueError):
        return False
