"""The port of a catalogue source: pages of raw records, in the order in which they build on each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from catalog_sync.contract import Kind


@dataclass(frozen=True, slots=True)
class Page:
    """Some records as they came, not yet checked; `region` is the Daerah the catalogue says it belongs to."""

    records: Mapping[Kind, Sequence[Any]]
    deleted: Mapping[Kind, Sequence[Any]] = field(default_factory=dict)
    region: str = ""


class CatalogSource(Protocol):
    """Reads one catalogue; CatalogError when it cannot be read as a whole. Never sleeps, never retries.

    `picture_hosts` are the host:port an operator configured: pictures may come from there even on a private network.
    `picture_folder` is where relative picture paths lie, None when there is no such folder.
    """

    @property
    def picture_hosts(self) -> frozenset[str]: ...

    @property
    def picture_folder(self) -> Path | None: ...

    def pages(self, since: datetime | None) -> Iterator[Page]:
        """Yield businesses, then products, buyers and orders; `since` asks for what changed after it, if the source can."""
        ...
