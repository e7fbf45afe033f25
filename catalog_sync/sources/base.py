"""The port of a catalogue source: pages of raw records, in the order in which they build on each other.

Every source, whatever it reads, yields records in the form of the contract (`siar-catalog/1`); they are checked after it,
by one parser for all. What a source itself cannot read (a cell, a row) it sets aside with its place and reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from catalog_sync.contract import Kind, SetAside


class SourceFormat(StrEnum):
    """What kind of system a catalogue is read from."""

    CONTRACT = "contract"
    WOOCOMMERCE = "woocommerce"
    SPREADSHEET = "spreadsheet"
    SQL = "sql"
    MERCHANT_FEED = "merchant_feed"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What an operator set for one source, and what the source itself asked us to remember.

    `token` is a bearer token (WooCommerce: `consumer_key:consumer_secret`); `mapping` names columns or queries and is
    kept per source; `memory` is what `CatalogSource.memory` held after the last complete pull. `outside_only`: the address was
    entered on a page, so neither it nor its pictures may lie in a private network.
    """

    token: str = field(default="", repr=False)
    timeout: float = 20.0
    region_code: str = ""
    mapping: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    outside_only: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some records as they came, not yet checked.

    `region` is the Daerah the catalogue says it belongs to; `set_aside` are rows the source could not read; `resume` is
    where `pages` can go on after this page should the pull be killed, empty when it cannot.
    """

    records: Mapping[Kind, Sequence[Any]]
    deleted: Mapping[Kind, Sequence[Any]] = field(default_factory=dict)
    region: str = ""
    set_aside: Sequence[SetAside] = ()
    resume: str = ""


class CatalogSource(Protocol):
    """Reads one catalogue; CatalogError when it cannot be read as a whole. Never sleeps, never retries.

    `snapshot` is asked after a pull: whether it listed everything, so that what it did not list has left the catalogue.
    `picture_hosts` are the host:port an operator configured: pictures may come from there even on a private network.
    `picture_folder` is where relative picture paths lie, None when there is no such folder.
    `memory` is asked for after a complete pull: JSON values that make the next one cheaper or the same.
    """

    @property
    def snapshot(self) -> bool: ...

    @property
    def picture_hosts(self) -> frozenset[str]: ...

    @property
    def picture_folder(self) -> Path | None: ...

    @property
    def memory(self) -> Mapping[str, Any]: ...

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:
        """Yield businesses, then products, buyers and orders; `since` asks for what changed after it, if the source can.

        `resume` is the mark of the last page that was taken by a pull that was killed; a source that cannot go on from
        there begins anew.
        """
        ...
