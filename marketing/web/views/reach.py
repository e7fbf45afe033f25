"""How far the posts of a campaign reached, on its page."""

from dataclasses import dataclass

from marketing.web import paths


@dataclass(frozen=True, slots=True)
class ReachCell:
    """One figure; `given` is False for what is not there, which is never shown as 0."""

    label: str
    text: str
    given: bool = True


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One post: where it stands, what is counted there, and what we count ourselves; `silent` where nothing is counted there."""

    post_id: int
    channel: str
    account: str
    cells: tuple[ReachCell, ...]
    asked: str
    note: str = ""
    gone: bool = False
    silent: bool = False

    @property
    def href(self) -> str:
        """The page of the post."""
        return paths.post(self.post_id)


@dataclass(frozen=True, slots=True)
class ReachView:
    """All posts of a campaign, and the sums of what may be added up."""

    labels: tuple[str, ...]
    rows: tuple[ReachRow, ...]
    sums: tuple[str, ...]
