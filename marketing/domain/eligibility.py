"""May this product be promoted now? The answer carries every reason, each with its Pasal."""

from dataclasses import dataclass
from datetime import datetime

from marketing.domain.product import Product


@dataclass(frozen=True, slots=True)
class Reason:
    """One failed requirement: `code` as printed in the regulation (for example `TTS 10(1)a`), text and cure in Indonesian."""

    code: str
    citation: str
    text: str
    cure: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The decision at one moment under one version of the rules; no reasons means promotable."""

    reasons: tuple[Reason, ...]
    rule_version: str

    @property
    def promotable(self) -> bool:
        """Return whether nothing holds the product."""
        return not self.reasons


def decide(product: Product, *, regulation: str, region_code: str, now: datetime) -> Eligibility:
    """Ask every article of the tenant's regulation and gather all failing reasons.

    `regulation` is the package name under marketing/domain/regulations, `region_code` the Kemendagri code of the Daerah.
    """
    from marketing.domain.regulations import GATES  # noqa: PLC0415  the articles use the types of this module

    gate = GATES[regulation]
    reasons = tuple(reason for article in gate.articles for reason in article.check(product, region_code, now))
    return Eligibility(reasons, gate.version)
