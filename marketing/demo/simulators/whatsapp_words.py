"""WhatsApp's own words: each refusal of the Cloud API with its code, status and what it says of the cause.

Written from developers.facebook.com …/whatsapp/support/error-codes, read 22 Nov 2026.
"""

from collections.abc import Mapping
from typing import Any, Final

from marketing.demo.simulators.server import Fault, Reply

CODES: Final[Mapping[int, tuple[int, str]]] = {
    0: (401, "We were unable to authenticate the app user."),
    2: (503, "Temporary due to downtime or due to being overloaded."),
    3: (500, "Capability or permissions issue."),
    4: (400, "The app has reached its API call rate limit."),
    10: (403, "Permission is either not granted or has been removed."),
    33: (400, "The business phone number has been deleted."),
    100: (400, "Invalid parameter"),
    190: (401, "Error validating access token: Session has expired."),
    200: (403, "Permission is either not granted or has been removed."),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "The WhatsApp Business Account has reached its rate limit."),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country."),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131037: (400, "WhatsApp provided number needs display name approval before message can be sent."),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (400, "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business"),
    131051: (400, "Unsupported message type"),
    131053: (400, "Media upload error"),
    131056: (429, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131063: (400, "Marketing templates are disabled for Cloud API"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "There was an issue with the parameters in your template"),
    133004: (503, "Server temporarily unavailable"),
    133010: (400, "Phone number not registered"),
    135000: (400, "Generic user error"),
}  # fmt: skip
FAULTS: Final[Mapping[Fault, int]] = {
    Fault.RATE: 130429,
    Fault.DAILY: 80007,
    Fault.PERMISSION: 10,
    Fault.TOKEN: 190,
    Fault.POLICY: 131031,
    Fault.BUSY: 131016,
    Fault.ADDRESS: 131008,
}


class RefusalError(Exception):
    """An answer that says no."""

    def __init__(self, code: int, details: str = "", subcode: int = 0) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.subcode = subcode

    @property
    def reply(self) -> Reply:
        """The answer."""
        status, title = CODES[self.code]
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details or title},
            "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
        }
        if self.subcode:
            error |= {"error_subcode": self.subcode, "error_user_title": title, "error_user_msg": self.details}
        return Reply({"error": error}, status)


def error_of(code: int) -> dict[str, Any]:
    """Return an error as a webhook writes it."""
    title = CODES[code][1]
    href = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"
    return {"code": code, "title": title, "message": title, "error_data": {"details": title}, "href": href}
