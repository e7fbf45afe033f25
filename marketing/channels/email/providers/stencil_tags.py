"""What a provider fills in itself: a stencil with a tag in each hole, and for each person what the tags stand for; pure.

A provider replaces tags one after the other, in the body and in the subject. So that filling gives exactly the person's mail,
no tag may stand anywhere it was not put, nor come about where a value meets the text around it: tags begin with a sign that
no person's word holds and that no literal ends with, and their stem stands in no literal, whole or broken off at its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, islice
from typing import Final

from marketing.domain.stencil import FilledBody

SIGNS: Final = ("%", "^", "~", "|")
_PLACES: Final = 4  # digits of a tag's number: a call takes no more holes
_STEMS: Final = 100


@dataclass(frozen=True, slots=True)
class TaggedStencil:
    """A stencil as a provider takes it: HTML and text with tags; `tags` are those of tokens, of words in HTML, of words in text."""

    sign: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    tags: tuple[str, ...]

    def takes(self, body: FilledBody, *others: str) -> bool:
        """Return whether this person's words, and whatever else is filled in, are free of tags."""
        return not any(self.sign in word for word in body.words) and not any(self.sign in other for other in others)

    def own(self, body: FilledBody) -> dict[str, str]:
        """Return what the tags stand for in one person's mail."""
        html, text = body.stencil.html.own(body.words), body.stencil.text.own(body.words)
        return dict(zip(self.tags, [*body.tokens, *html, *text], strict=True))


def tagged(body: FilledBody, *others: str) -> TaggedStencil | None:
    """Return the stencil of this body with tags that suit it and what else is filled in; None where no tags would be safe."""
    stencil = body.stencil
    literals = (*stencil.html.literals, *stencil.text.literals)
    for sign in SIGNS:
        if any(sign in one for one in (*body.words, *others)) or any(one.endswith(sign) for one in literals):
            continue
        stem = next((one for one in islice(_stems(sign), _STEMS) if _is_foreign(one, literals)), "")
        if stem:
            return _with_tags(body, sign, stem)
    return None


def _with_tags(body: FilledBody, sign: str, stem: str) -> TaggedStencil:
    html, text = body.stencil.html, body.stencil.text
    tags = tuple(
        f"{stem}{number:0{_PLACES}d}{sign}" for number in range(len(body.tokens) + len(html.words) + len(text.words))
    )
    tokens, words = tags[: len(body.tokens)], tags[len(body.tokens) :]
    return TaggedStencil(
        sign,
        html.joined([*words[: len(html.words)], *tokens]),
        text.joined([*words[len(html.words) :], *tokens]),
        tags,
    )


def _stems(sign: str) -> Iterator[str]:
    for number in count():
        yield f"{sign}s{sha256(str(number).encode()).hexdigest()[:6]}x"


def _is_foreign(stem: str, literals: Sequence[str]) -> bool:
    """Return whether a stem stands in no literal, and none ends with its beginning."""
    beginnings = tuple(stem[:length] for length in range(1, len(stem)))
    return not any(stem in one or one.endswith(beginnings) for one in literals)
