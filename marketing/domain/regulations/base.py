"""What a rule is made of: a finding, a reason with its Pasal, an article with its examples, a gate of articles."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from marketing.domain.product import Product


@dataclass(frozen=True, slots=True)
class Reason:
    """One failed requirement: `code` as printed in the regulation (for example `TTS 10(1)a`), text and cure in Indonesian.

    `cure` continues the words "Supaya lolos: …", so it starts with a small letter and is an instruction.
    """

    code: str
    citation: str
    text: str
    cure: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One shortcoming before a regulation claims it; `law` is the national law behind it, if there is one."""

    text: str
    cure: str
    law: str = ""


Check = Callable[[Product, str, datetime], Iterator[Reason]]
"""(product, region code of the Daerah, now) -> every failing reason of one article."""


@dataclass(frozen=True, slots=True)
class Case:
    """An example that belongs to the rule: this product at this moment is held by exactly these codes (none: allowed)."""

    name: str
    product: Product
    region_code: str
    now: datetime
    codes: frozenset[str] = frozenset()

    @property
    def promotable(self) -> bool:
        """Return whether the example is one of the allowed ones."""
        return not self.codes


@dataclass(frozen=True, slots=True)
class Article:
    """One Pasal that rules something: its citation, its text in short, its codes with what each asks, check and examples."""

    code_prefix: str
    citation: str
    summary: str
    codes: Mapping[str, str]
    check: Check
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """All articles of one regulation; `version` changes whenever an answer may change, so that decisions can be redone."""

    version: str
    articles: tuple[Article, ...]

    @property
    def codes(self) -> Mapping[str, str]:
        """Return every declared code with what it asks, in the order of the regulation."""
        return {code: asks for article in self.articles for code, asks in article.codes.items()}


def as_reasons(code: str, citation: str, findings: Iterable[Finding]) -> Iterator[Reason]:
    """Put findings under the code and citation of an article, naming the national law behind each."""
    for finding in findings:
        yield Reason(code, f"{citation} jo. {finding.law}" if finding.law else citation, finding.text, finding.cure)
