"""The words of a template in one language, written into its source before anything else reads it.

Once per compile, so that filling a template for a recipient costs no look-up. A template writes
`{{ _("Harga berlaku sampai {until}", until=product.until) }}`; Babel's own Jinja extractor finds the same calls.
"""

import ast
import re

from markupsafe import escape

from marketing.i18n import gettext, speaking
from marketing.i18n import gettext as _
from marketing.templates.source_check import JINJA, TemplateError

_TEXT = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\{{\{{\s*_\(\s*{_TEXT}((?:\s*,\s*\w+\s*=[^,()]+)*)\s*,?\s*\)\s*\}}\}}", re.DOTALL)
_VALUE = re.compile(r",\s*(\w+)\s*=([^,()]+)")
_PLACE = re.compile(r"\{(\w*)\}")
_LANGUAGE = re.compile(r"\{\{\s*language\s*\}\}")
_STRAY = re.compile(r"(?<![\w.])_\(")


def translated(source: str, language: str, *, html: bool) -> str:
    """Return the source with every `_(…)` in `language` (escaped for HTML) and `{{ language }}` as its code.

    Raises TemplateError with the line for a call that is not of this form, and for a value without a place or a place
    without a value, in the source or in its translation.
    """

    def worded(match: re.Match[str]) -> str:
        line = source.count("\n", 0, match.start()) + 1
        text: str = ast.literal_eval(match[1])
        values = {name: value.strip() for name, value in _VALUE.findall(match[2])}
        with speaking(language):
            said = gettext(text)
        for words in (text, said):
            if set(_PLACE.findall(words)) != set(values):
                reason = _("tempat isian dan nilai tidak cocok dalam “{text}”")
                raise TemplateError(line, reason.format(text=words))
        plain = str(escape(said)) if html else said
        filled = _PLACE.sub(lambda place: f"{{{{ {values[place[1]]} }}}}", plain)
        return filled + "\n" * match.group().count("\n")

    spoken = _LANGUAGE.sub(language, _CALL.sub(worded, source))
    for token in JINJA.finditer(spoken):
        if not token.group().startswith("{#") and _STRAY.search(token.group()):
            line = spoken.count("\n", 0, token.start()) + 1
            raise TemplateError(line, _("_(…) berdiri sendiri dalam satu isian, dengan teksnya di dalam tanda petik"))
    return spoken
