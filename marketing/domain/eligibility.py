"""May this product be promoted now? The answer carries every reason, each with its Pasal."""

from dataclasses import dataclass
from datetime import datetime

from marketing.domain.product import Product
from marketing.domain.regulations import GATES
from marketing.domain.regulations.base import Reason

__all__ = ["Eligibility", "Reason", "decide"]


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
    """Ask every article of the tenant's regulation and gather all failing reasons, in the order of the regulation.

    `regulation` is the package name under marketing/domain/regulations, `region_code` the Kemendagri code of the Daerah.
    A naive `now` is refused: permits and duties end on a day, and a day needs a zone.
    """
    if now.utcoffset() is None:
        raise ValueError("decide() needs an aware `now`.")
    gate = GATES[regulation]
    reasons = tuple(reason for article in gate.articles for reason in article.check(product, region_code, now))
    return Eligibility(reasons, gate.version)
