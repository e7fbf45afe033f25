"""Views of the preference centre."""

from dataclasses import dataclass

from marketing.web.views.parts import Option
from marketing.web.views.subscribe import Box


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """Everything a person decides, on one page; the boxes that are on stand in `before`."""

    address: str
    action: str
    email_boxes: tuple[Box, ...]
    phone_boxes: tuple[Box, ...]
    topics: tuple[Option, ...]
    limits: tuple[Option, ...]
    languages: tuple[Option, ...]
    pause: str
    earliest_pause: str
    standing: tuple[str, ...] = ()
    wrong_pause: str = ""
    wrong: str = ""
    telegram_boxes: tuple[Box, ...] = ()
    telegram_href: str = ""
