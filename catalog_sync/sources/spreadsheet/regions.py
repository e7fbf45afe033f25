"""The own Daerah by its code or its name; any other place stays the text it was, for the gate to judge. Pure."""

from dataclasses import dataclass
from typing import Final

from marketing.tabular.headings import key
from marketing.tenants.profile import TenantProfile, load_profiles

UNMISTAKABLE: Final = 3
"""A regency and a city may share a name of one or two words (Blitar, Kupang); none shares one of three."""
_PREFIXES: Final = {"kabupaten": ("kabupaten", "kab"), "kota": ("kota",)}


@dataclass(frozen=True, slots=True)
class Daerah:
    """A Kemendagri code and every spelling of the name that means it."""

    code: str
    spellings: frozenset[str] = frozenset()
    kind: str = ""
    bare: frozenset[str] = frozenset()

    def code_of(self, text: str, *, heading: str = "") -> str:
        """Return the code where the text names this Daerah, else the text; “Blitar” alone may be city or regency.

        Under a heading that says which (“Kabupaten”, “Kota”) the bare name is enough.
        """
        told = key(text)
        if told in self.spellings or (key(heading) == self.kind and told in self.bare):
            return self.code
        return text


def daerah_of(region_code: str) -> Daerah:
    """Return the Daerah of a tenant; one without a profile knows its code alone."""
    wanted = region_code.replace(".", "")
    for profile in load_profiles().values():
        if wanted and profile.region_code.replace(".", "") == wanted:
            return _spelt(profile)
    return Daerah(region_code)


def _spelt(profile: TenantProfile) -> Daerah:
    kind, _space, name = profile.name.partition(" ")
    kind = kind.casefold()
    words = name.split()
    bare = {key(name)}
    if len(words) >= UNMISTAKABLE:
        bare.add("".join(word[0] for word in words).casefold())
    spellings = {key(profile.name), key(profile.short_name), key(profile.government)}
    spellings |= {prefix + one for prefix in _PREFIXES.get(kind, ()) for one in bare}
    if len(words) >= UNMISTAKABLE:
        spellings |= bare
    return Daerah(profile.region_code, frozenset(spellings), kind, frozenset(bare))
