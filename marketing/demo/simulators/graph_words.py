"""Meta's own words: each refusal with its code, subcode and status, as the Graph API writes them.

Written from developers.facebook.com graph-api/guides/error-handling and instagram-platform/instagram-graph-api/reference/
error-codes, read 22 Nov 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketing.demo.simulators.server import Fault, Reply


@dataclass(frozen=True)
class Words:
    """One refusal; `code` and `subcode` are what a program reads."""

    code: int
    message: str
    subcode: int = 0
    status: int = 400
    kind: str = "OAuthException"
    transient: bool = False

    def reply(self, headers: Mapping[str, str] | None = None) -> Reply:
        """Return it as an answer."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}",
            "type": self.kind,
            "code": self.code,
            "is_transient": self.transient,
            "fbtrace_id": "A6LJylpZRKw2xKLFsAPcJh",
        }
        if self.subcode:
            error |= {"error_subcode": self.subcode, "error_user_title": "Error", "error_user_msg": self.message}
        return Reply({"error": error}, self.status, dict(headers or {}))


class RefusalError(Exception):
    """An answer that says no."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.message)
        self.words = words


TOKEN: Final = Words(190, "Error validating access token: The user has not authorized application.", 458)
EXPIRED: Final = Words(190, "Error validating access token: Session has expired.", 463)
PROOF_MISSING: Final = Words(
    100, "API calls from the server require an appsecret_proof argument", 0, 400, "GraphMethodException"
)
PROOF_WRONG: Final = Words(100, "Invalid appsecret_proof provided in the API argument", 0, 400, "GraphMethodException")
VERSION: Final = Words(2635, "You are calling a deprecated version of the API. Please update to the latest version")
MISSING: Final = Words(
    100,
    "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
    33,
    400,
    "GraphMethodException",
)
NOTHING_TO_POST: Final = Words(100, "The parameter message is required")
BAD_MEDIA: Final = Words(100, "Invalid parameter: attached_media")
BAD_PHOTO: Final = Words(324, "Missing or invalid image file", 2069019)
LARGE_PHOTO: Final = Words(
    100, "Your photos couldn't be uploaded. Photos should be smaller than 4 MB and saved as JPG, PNG.", 1366046
)
DUPLICATE: Final = Words(506, "Duplicate status message", 1455006)
LINK: Final = Words(1609005, "There was a problem scraping data from the provided link.")
NO_PERMISSION: Final = Words(200, "The permission(s) pages_manage_posts are not available.", 0, 403)
NO_INSIGHTS: Final = Words(10, "This endpoint requires the 'read_insights' permission", 0, 403)
NO_METRIC: Final = Words(100, "The value must be a valid insights metric")
NO_IG_PERMISSION: Final = Words(10, "Application does not have permission for this action", 0, 403)
SPENT: Final[Mapping[str, Words]] = {
    "pages": Words(80001, "There have been too many calls to this Page account. Wait a bit and try again.", 2446079),
    "instagram": Words(
        80002, "There have been too many calls to this Instagram account. Wait a bit and try again.", 2446079
    ),
}
BLOCKED: Final = Words(368, "The action attempted has been deemed abusive or is otherwise disallowed", 1390008)
SERVICE: Final = Words(2, "Service temporarily unavailable", 0, 500, "OAuthException", transient=True)

IG_QUOTA: Final = Words(9, "Application request limit reached", 2207042)
IG_FETCH: Final = Words(9004, "Only photo or video can be accepted as media type.", 2207052)
IG_SLOW: Final = Words(-2, "It takes too long to download the media.", 2207003)
IG_LARGE: Final = Words(36000, "The image size is too large.", 2207004)
IG_FORMAT: Final = Words(36001, "The image format is not supported.", 2207005)
IG_RATIO: Final = Words(36003, "The submitted image with aspect ratio cannot be published.", 2207009)
IG_CAPTION: Final = Words(36004, "The caption was too long.", 2207010)
IG_CAROUSEL: Final = Words(9, "The number of carousel children is not between 2 and 10.", 2207028)
IG_NOT_READY: Final = Words(9007, "The media is not ready for publishing, please wait for a moment", 2207027)
IG_GONE: Final = Words(24, "The media with the container id cannot be found", 2207006)
IG_EXPIRED: Final = Words(-2, "The media you are trying to access has expired.", 2207020)

FAULTS: Final[Mapping[Fault, Words]] = {
    Fault.DAILY: IG_QUOTA,
    Fault.PERMISSION: NO_PERMISSION,
    Fault.ADDRESS: LINK,
    Fault.BUSY: SERVICE,
    Fault.TOKEN: TOKEN,
    Fault.POLICY: BLOCKED,
}
