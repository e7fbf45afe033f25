"""The automations, one explicit table."""

from collections.abc import Mapping

from marketing.campaigns.automations.base import AutomationRule
from marketing.campaigns.automations.order_mail import OrderMail
from marketing.campaigns.automations.personal import Personalised, Retention

AUTOMATIONS: Mapping[str, AutomationRule] = {rule.slug: rule for rule in (OrderMail(), Retention(), Personalised())}

__all__ = ["AUTOMATIONS"]
