"""What a campaign looks like where it lands: an e-mail, or a post on one channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookLink:
    """One way in which a reader may see a mail; it opens in the frame."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class MailFinding:
    """One thing to mend in a mail; `grave` keeps it from going out, `line` is that of a template's source."""

    text: str
    grave: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class EmailPreview:
    """An e-mail as an inbox lists it, and the address of its HTML; empty while there is nothing saved to render.

    `test_action` is where this person asks for it in the own mailbox, `test_address`; empty where they may not.
    """

    sender: str
    subject: str
    preheader: str
    html_href: str = ""
    text: str = ""
    misfits: tuple[str, ...] = ()
    looks: tuple[LookLink, ...] = ()
    findings: tuple[MailFinding, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    test_action: str = ""
    test_address: str = ""


@dataclass(frozen=True, slots=True)
class ChatPreview:
    """A message to one person in a chat; `actions` are the words on its buttons."""

    account: str
    place: str
    text: str
    header: str = ""
    picture: str = ""
    footer: str = ""
    actions: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostPreview:
    """A post as its channel would show it; `misfits` are sentences about what the channel would refuse."""

    channel: str
    account: str
    text: str
    title: str = ""
    link: str = ""
    link_label: str = ""
    picture: str = ""
    picture_alt: str = ""
    hashtags: tuple[str, ...] = ()
    time: str = ""
    misfits: tuple[str, ...] = ()

    @property
    def hashtag_line(self) -> str:
        """The hashtags as they are written."""
        return " ".join(f"#{tag.removeprefix('#')}" for tag in self.hashtags)
