"""The automations, one explicit table."""

from collections.abc import Mapping

from marketing.campaigns.automations.base import AutomationRule
from marketing.campaigns.automations.order_chat import OrderChat
from marketing.campaigns.automations.order_mail import OrderMail
from marketing.campaigns.automations.personal import Personalised, Retention

AUTOMATIONS: Mapping[str, AutomationRule] = {rule.slug: rule for rule in (OrderMail(), Retention(), Personalised())}
BY_CHOICE: Mapping[str, AutomationRule] = {rule.slug: rule for rule in (OrderChat(),)}
"""Those that go out in a template that a person has to choose first."""

__all__ = ["AUTOMATIONS", "BY_CHOICE"]
