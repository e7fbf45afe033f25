"""The way to a number at WhatsApp's Cloud API: let in with a permanent token, asked who we are, never published on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from marketing.channels.base import Publisher
from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.channels.whatsapp.cloud import PORTFOLIO, STANDARD, THROUGHPUT, TIER, WABA, Open, tier_of
from marketing.channels.whatsapp.cloud_errors import MOMENT, Fault, action_of, sentence, wait_of
from marketing.domain.whatsapp_message import FaultAction
from marketing.i18n import gettext as _

T = TypeVar("T")
HIGH: Final = 1_000
DISPLAYED: Final = "number"
QUALITY: Final = "quality"


def refusal(fault: Fault) -> ChannelError:
    """Return what a fault means to somebody who only asked or managed something."""
    action = action_of(fault.code) if fault.code else FaultAction.RETRY
    if action is FaultAction.RECONNECT:
        return ReconnectError(sentence(fault.code))
    if action is FaultAction.RETRY:
        return TemporaryError(fault.reason, wait_of(fault))
    return PermanentError(sentence(fault.code))


def asked(call: Callable[[], T]) -> T:
    """Call a client; its faults become our errors. Only for what may be repeated."""
    from marketing.channels.whatsapp.cloud_client import FaultError, LostError  # noqa: PLC0415  loads pywa

    try:
        return call()
    except FaultError as error:
        raise refusal(error.fault) from None
    except LostError as error:
        raise TemporaryError(str(error), MOMENT) from None


@dataclass(frozen=True, slots=True)
class WhatsAppDoor:
    """Opens no publisher: a number writes to single persons."""

    open_client: Open

    @property
    def provider(self) -> SocialProvider:
        return SocialProvider.WHATSAPP_CLOUD

    def open(self, access: Access, memory: Memory) -> Publisher:  # noqa: ARG002  the port's
        raise PermanentError(_("Nomor WhatsApp mengirim kepada perorangan; untuk menerbitkan pakailah grup WhatsApp."))

    def renew(self, access: Access, now: datetime) -> Access:  # noqa: ARG002  the port's; a system user's token has no end
        return replace(access, expires_at=None)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        return self.known(access).name

    def known(self, access: Access) -> Access:
        """Return the access with what Meta knows of the number now; PermanentError when it is not of that business account."""
        waba = str(access.settings.get(WABA, ""))
        client = self.open_client(access)
        try:
            number = asked(lambda: client.number(access.remote_id))
            if access.remote_id not in asked(lambda: client.number_ids(waba)):
                raise PermanentError(
                    _("Nomor ini bukan milik akun WhatsApp Business itu. Periksa kedua nomor pengenalnya.")
                )
            try:
                account = asked(lambda: client.account(waba))
            except (
                PermanentError
            ):  # whose portfolio it is needs a right more; without it the limit is counted per account
                account = {}
        finally:
            client.close()
        name = str(number.get("verified_name") or number.get("display_phone_number") or access.remote_id)
        return replace(access, name=name, settings={**access.settings, **facts_of(number, account)})

    def listen(self, access: Access) -> None:
        """Have what happens to the number's messages told to our webhook."""
        client = self.open_client(access)
        try:
            asked(lambda: client.subscribe(str(access.settings[WABA])))
        finally:
            client.close()


def facts_of(number: Mapping[str, Any], account: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a number: how many persons and messages it may reach, its quality, and whose it is."""
    throughput, owner = number.get("throughput"), account.get("owner_business_info")
    level = str(throughput.get("level", "")) if isinstance(throughput, dict) else ""
    facts: dict[str, Any] = {
        DISPLAYED: str(number.get("display_phone_number", "")),
        QUALITY: str(number.get("quality_rating", "")).lower(),
        TIER: tier_of(number.get("whatsapp_business_manager_messaging_limit")),
        THROUGHPUT: HIGH if level.upper() == "HIGH" else STANDARD,
    }
    if isinstance(owner, dict) and owner.get("id"):
        facts[PORTFOLIO] = str(owner["id"])
    return facts
