"""Reading MJML with Jinja strictly, before the compile: the MJML engine accepts every one of these faults in silence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mjml.core import registry

from marketing.errors import MarketingError
from marketing.i18n import gettext as _

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_WORD = "jjx{index:05d}xjj"
WORD = re.compile(r"jjx(\d{5})xjj")
_PIECE = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|</(?P<close>[a-zA-Z][\w-]*)\s*>"
    r"|<(?P<open>[a-zA-Z][\w-]*)(?P<attrs>(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)\s*(?P<self>/?)>"
    r"|(?P<word>jjx\d{5}xjj)"
    r"|(?P<half>\{\{|\{%|\{#|\}\}|%\}|#\})"
    r"|(?P<stray>[<>])",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))?", re.DOTALL)
_BLOCK = re.compile(r"\{%[-+]?\s*(\w+)")
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_STYLE_SHEETS = frozenset({"mj-style", "style"})
# Inside these only tags count: text and Jinja tokens are dropped by the compile without a word.
_STRUCTURE = frozenset(
    {"mjml", "mj-head", "mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column", "mj-attributes"}
)
# The engine computes with these, so a value that comes later would be counted as nothing.
_COMPUTED = re.compile(r"width|height|.*padding.*|.*border(?!-color)(?!.*-radius).*|icon-size|.*-width|.*-height")
# The engine walks the tree by recursion and takes a second for so many tags.
MOST_TAGS, DEEPEST = 1_500, 60
_BLOCK_OPENERS: Mapping[str, str] = {"if": "endif", "for": "endfor"}


class TemplateError(MarketingError):
    """A template's source is wrong; says the line and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(_("Baris {line}: {reason}").format(line=line, reason=reason))
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Protected:
    """A source whose Jinja tokens stand aside as opaque words."""

    source: str
    tokens: tuple[str, ...]

    def restored(self, compiled: str) -> str:
        """Return the compiled text with the tokens back; one that the compile lost is an error."""
        kept = {int(found) for found in WORD.findall(compiled)}
        for index, token in enumerate(self.tokens):
            if index not in kept and not token.startswith("{#"):
                raise TemplateError(0, _("token {token} hilang saat kompilasi").format(token=token))
        return WORD.sub(lambda match: self.tokens[int(match[1])], compiled)


def protect(source: str) -> Protected:
    """Replace every Jinja token by a word that MJML leaves alone; lines keep their numbers."""
    if found := WORD.search(source):
        raise TemplateError(_line(source, found.start()), _("kata {word} dicadangkan").format(word=found.group()))
    tokens: list[str] = []

    def aside(match: re.Match[str]) -> str:
        tokens.append(match.group())
        return _WORD.format(index=len(tokens) - 1) + "\n" * match.group().count("\n")

    return Protected(JINJA.sub(aside, source), tuple(tokens))


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def _known_tags() -> Mapping[str, frozenset[str]]:
    registry.register_core_components()
    common = frozenset({"css-class", "mj-class"})
    extra = {
        "mj-style": frozenset({"inline"}),
        "mj-raw": frozenset({"position"}),
        "mj-group": frozenset({"width", "vertical-align", "background-color", "direction"}),
        "mj-html-attributes": frozenset[str](),
        "mj-selector": frozenset({"path"}),
        "mj-html-attribute": frozenset({"name"}),
    }
    known: dict[str, frozenset[str]] = {"mjml": frozenset({"lang", "dir", "owa"})}
    for name, component in registry.components.items():
        known[name] = frozenset([*component.allowed_attrs(), *component.default_attrs()]) | common
    for name, attributes in extra.items():
        known[name] = known.get(name, common) | attributes
    for name in ("mj-all", "mj-class"):  # defaults for any component
        known[name] = frozenset[str]().union(*known.values())
    return known


@dataclass(slots=True)
class _Reader:
    """One pass over a source; keeps which tags and which Jinja blocks are open."""

    source: str
    tokens: tuple[str, ...]
    known: Mapping[str, frozenset[str]] = field(default_factory=_known_tags)
    tags: list[tuple[str, int]] = field(default_factory=list)
    blocks: list[tuple[str, int, int]] = field(default_factory=list)
    count: int = 0

    def read(self) -> None:
        end = 0
        for piece in _PIECE.finditer(self.source):
            self._text(end, piece.start())
            end = piece.end()
            self._piece(piece, _line(self.source, piece.start()))
        self._text(end, len(self.source))
        if self.tags:
            name, line = self.tags[-1]
            raise TemplateError(line, _("<{name}> tidak ditutup").format(name=name))
        if self.blocks:
            name, line, _depth = self.blocks[-1]
            raise TemplateError(line, _("{{% {name} %}} tidak ditutup").format(name=name))

    def _piece(self, piece: re.Match[str], line: int) -> None:
        # In a style sheet `}}` ends nested rules and `a > b` is a selector.
        styled = self._inside(_STYLE_SHEETS)
        if (half := piece["half"]) and not (styled and half == "}}"):
            raise TemplateError(line, _("tanda Jinja {half} tanpa pasangan").format(half=half))
        if (stray := piece["stray"]) and not (styled and stray == ">"):
            raise TemplateError(line, _("tanda {sign} bukan bagian tag yang utuh").format(sign=stray))
        if piece["word"]:
            self._token(piece["word"], line, placed=True)
        elif piece["close"]:
            self._close(piece["close"], line)
        elif piece["open"]:
            self._open(piece, line)

    def _inside(self, names: frozenset[str]) -> bool:
        return bool(self.tags) and self.tags[-1][0] in names

    def _text(self, start: int, end: int) -> None:
        text = self.source[start:end]
        if text.strip() and self._inside(_STRUCTURE):
            at = start + len(text) - len(text.lstrip())
            reason = _("teks di dalam <{name}> akan hilang").format(name=self.tags[-1][0])
            raise TemplateError(_line(self.source, at), reason)

    def _token(self, word: str, line: int, *, placed: bool) -> None:
        token = self.tokens[int(word[3:8])]
        if token.startswith("{#"):
            return
        if placed and self._inside(_STRUCTURE):
            reason = _("{token} di dalam <{name}> akan hilang; letakkan di <mj-raw>")
            raise TemplateError(line, reason.format(token=token, name=self.tags[-1][0]))
        block = _BLOCK.match(token)
        if block is None:
            return
        # Blocks stand in mj-raw, whose own tag must not count as depth.
        depth = sum(name != "mj-raw" for name, _at in self.tags)
        word_of = block[1]
        if word_of in _BLOCK_OPENERS:
            self.blocks.append((word_of, line, depth))
            return
        if not self.blocks:
            raise TemplateError(line, _("{token} tanpa pembuka").format(token=token))
        opener, _opened, at_depth = self.blocks[-1]
        if word_of not in {_BLOCK_OPENERS[opener], "else", "elif"}:
            raise TemplateError(line, _("{token} tidak cocok dengan {opener}").format(token=token, opener=opener))
        if depth != at_depth:
            raise TemplateError(line, _("{token} memotong susunan tag").format(token=token))
        if word_of == _BLOCK_OPENERS[opener]:
            self.blocks.pop()

    def _close(self, name: str, line: int) -> None:
        if not self.tags:
            raise TemplateError(line, _("</{name}> tanpa pembuka").format(name=name))
        opened, at = self.tags.pop()
        if opened != name:
            reason = _("</{name}> menutup <{opened}> dari baris {at}").format(name=name, opened=opened, at=at)
            raise TemplateError(line, reason)

    def _open(self, piece: re.Match[str], line: int) -> None:
        name = piece["open"]
        mjml = name.startswith("mj")
        if mjml and name not in self.known:
            raise TemplateError(line, _("tag <{name}> tidak dikenal").format(name=name))
        if not mjml and self._inside(_STRUCTURE):
            raise TemplateError(line, _("<{name}> di luar mj-text, mj-table atau mj-raw").format(name=name))
        for attribute, value, at in self._attributes(piece):
            if mjml and attribute not in self.known[name]:
                reason = _("atribut {attribute} tidak dikenal pada <{name}>").format(attribute=attribute, name=name)
                raise TemplateError(at, reason)
            words = WORD.findall(value)
            if mjml and words and _COMPUTED.fullmatch(attribute):
                raise TemplateError(at, _("atribut {attribute} tidak boleh memuat Jinja").format(attribute=attribute))
            for index in words:
                self._token(_WORD.format(index=int(index)), at, placed=False)
        self.count += 1
        if self.count > MOST_TAGS:
            raise TemplateError(line, _("templat memuat lebih dari {most} tag").format(most=MOST_TAGS))
        if not piece["self"] and name not in _VOID:
            self.tags.append((name, line))
            if len(self.tags) > DEEPEST:
                raise TemplateError(line, _("tag bersarang lebih dari {most} tingkat").format(most=DEEPEST))

    def _attributes(self, piece: re.Match[str]) -> Iterator[tuple[str, str, int]]:
        seen: set[str] = set()
        for found in _ATTRIBUTE.finditer(piece["attrs"]):
            name, value = found[1], found[2] or found[3] or ""
            line = _line(self.source, piece.start("attrs") + found.start())
            if WORD.search(name):
                raise TemplateError(line, _("token Jinja tidak boleh menjadi nama atribut"))
            if name in seen:
                raise TemplateError(line, _("atribut {attribute} ditulis dua kali").format(attribute=name))
            seen.add(name)
            yield name, value, line


def check_source(source: str) -> None:
    """Raise TemplateError for the first fault of an MJML source or fragment."""
    protected = protect(source)
    _Reader(protected.source, protected.tokens).read()
