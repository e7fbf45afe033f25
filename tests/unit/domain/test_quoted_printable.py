"""Quoted-printable in pieces is what it would be in one: short lines, no dot in front, nothing lost."""

import quopri

from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketing.domain.quoted_printable import encoded, piece

AWKWARD = st.text(st.sampled_from("ab.= \tzé🙂\n<>&\u200f"), max_size=180) | st.sampled_from(
    ["." * 300, "=" * 80, "é" * 90, " " * 80, "z" * 75, "z" * 76, "z" * 77, f"{'z' * 75}.", f"{'z' * 74} ", "From x"]
)


def lines_of(text: str) -> str:
    """Return the text as a mail program shows it: the last line ended."""
    unified = text.replace("\n", "\r\n")
    return unified if unified.endswith("\r\n") else unified + "\r\n"


@given(st.lists(AWKWARD, max_size=5), AWKWARD)
@settings(max_examples=200)
@example([f"{'.' * 75} "], "." * 76)
def test_pieces_put_together_are_the_whole(pieces: list[str], last: str) -> None:
    written = "".join(map(piece, pieces)) + encoded(last)
    for line in written.split("\r\n"):
        assert len(line) <= 76
        assert not line.startswith(".")
        assert not line.endswith((" ", "\t"))
    assert written.endswith("\r\n")
    assert "\n" not in written.replace("\r\n", "")
    assert quopri.decodestring(written.encode()).decode() == "".join(pieces).replace("\n", "\r\n") + lines_of(last)
