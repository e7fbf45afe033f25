"""One HTTPS call to a marketplace; that there is no answer is said in the words of marketplaces."""

from typing import Final

from marketing.channels.marketplace.errors import Fate, ProviderError, Rule
from marketing.channels.wire import Answer, Call, NoAnswerError, Query, inner, objects
from marketing.channels.wire import Wire as AnyWire
from marketing.i18n import N_

__all__ = ["LOST", "Answer", "Call", "Query", "Wire", "inner", "objects"]

UNREACHABLE: Final = Rule(Fate.LATER, N_("Lokapasar tidak dapat dihubungi; sistem mencoba lagi."), for_everyone=True)
LOST: Final = Rule(Fate.FAULT, N_("Lokapasar tidak memberi jawaban yang dapat dibaca; sistem memeriksa lagi."))


class Wire(AnyWire):
    """Connections to one marketplace."""

    def send(self, call: Call) -> Answer:
        """Return the provider's JSON object whatever its status; ProviderError when there is none."""
        try:
            return super().send(call)
        except NoAnswerError as error:
            raise ProviderError(LOST if error.reached else UNREACHABLE, error.code) from None
