"""What is chosen before a person leaves for a provider: carried in the state, and the access that comes back to be chosen from."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketing.channels.meta_graph.entrance import INSTAGRAM
from marketing.channels.social import Access, SocialProvider
from marketing.channels.tiktok.client import FIGURES
from marketing.domain.sealing import Sealer
from marketing.errors import SettingsError
from marketing.social.filled_in import tiktok_settings

INBOX: Final = "inbox"
COMMENTS, NUMBERS = "c", "f"


def about_of(provider: SocialProvider, settings: Mapping[str, Any]) -> str:
    """Return the choice as a state can carry it."""
    if provider is SocialProvider.TIKTOK:
        parts = [str(settings.get("privacy", INBOX))]
        parts += [COMMENTS] * bool(settings.get("comments")) + [NUMBERS] * bool(settings.get(FIGURES))
        return "-".join(parts)
    return INSTAGRAM if settings.get(INSTAGRAM) else ""


def settings_of(provider: SocialProvider, about: str) -> Mapping[str, Any]:
    """Return the settings of a choice; InvalidInputError for one that nobody could have made."""
    if provider is SocialProvider.TIKTOK:
        privacy, *marks = about.split("-")
        chosen = "" if privacy == INBOX else privacy
        return tiktok_settings(chosen, comments=COMMENTS in marks, figures=NUMBERS in marks)
    return {INSTAGRAM: about == INSTAGRAM}


@dataclass(frozen=True, slots=True)
class Keepsake:
    """Seals a person's access for the while in which they choose accounts; only their own log-in opens it again."""

    sealer: Sealer

    def seal(self, person: Access, *, user_id: int, session_secret: str, until: datetime) -> str:
        """Return the access sealed, for a cookie."""
        facts = {
            "id": person.remote_id,
            "token": person.token,
            "settings": dict(person.settings),
            "until": until.timestamp(),
        }
        return self.sealer.seal(_purpose(user_id, session_secret), json.dumps(facts))

    def open(self, sealed: str, *, user_id: int, session_secret: str, now: datetime) -> Access | None:
        """Return the access; None when it is somebody else's, spent, or nothing of ours."""
        try:
            text = self.sealer.open(_purpose(user_id, session_secret), sealed)
        except SettingsError:
            return None
        facts: dict[str, Any] = json.loads(text) if text else {"until": 0}
        if facts["until"] < now.timestamp():
            return None
        return Access(SocialProvider.FACEBOOK, facts["id"], "", facts["token"], settings=facts["settings"])


def _purpose(user_id: int, session_secret: str) -> str:
    """Name a key that no other person and no other log-in gets."""
    return f"social-choice/{user_id}/{hashlib.sha256(session_secret.encode()).hexdigest()}"
