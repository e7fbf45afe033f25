"""What a Dinas changes about itself: `<data>/daerah/<tenant>.toml`, read at start over the shipped profile.

Only identity, brand and senders; law, region, clock and channels stay with the program. A wrong file stops the start with its
line and field, because mail under half an identity would be worse than none.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email

from marketing.domain.text import one_line, web_address
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.tenants.logo import keep_logo, logo_png
from marketing.tenants.profile import Officer, TenantProfile, shipped_profiles, use_profiles

BANDS: Final = ("pita-tenun", "pita-batik")
LEAST_CONTRAST: Final = 5.5
"""Of the brand colour on white (WCAG 2.2, 1.4.3 asks for 4.5): it also stands on the cotton ground and on its own soft shade."""
_LONGEST: Final = 200
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_SYNTAX_LINE: Final = re.compile(r"\(at line (\d+)")


class OwnProfileError(MarketingError):
    """A file of a Dinas is wrong; says file, line and field."""

    def __init__(self, file: Path, line: int, field: str, reason: str) -> None:
        super().__init__(
            _("Berkas {file} baris {line}, isian {field}: {reason}").format(
                file=file.name, line=line, field=field or "-", reason=reason
            )
        )
        self.line = line
        self.field = field


def use_own_profiles(folder: Path, picture_dir: Path, public_url: str) -> None:
    """Put every file of the folder over its shipped profile, for this process; OwnProfileError for the first wrong one."""
    shipped = shipped_profiles()
    changed = {}
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in shipped:
            raise OwnProfileError(file, 1, "", _("tidak ada Daerah dengan nama ini"))
        changed[file.stem] = own_profile(shipped[file.stem], file, picture_dir, public_url)
    use_profiles({**shipped, **changed})


def own_profile(shipped: TenantProfile, file: Path, picture_dir: Path, public_url: str) -> TenantProfile:
    """Return the profile with what the file says; raises OwnProfileError."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OwnProfileError(file, 1, "", _("berkas tidak terbaca")) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _SYNTAX_LINE.search(str(error))  # without one, the fault is at the end
        line = int(at[1]) if at else len(text.splitlines())
        raise OwnProfileError(file, line, "", _("penulisan TOML keliru")) from error
    values: dict[str, Any] = {}
    for name, value in raw.items():
        try:
            values[name] = _read(name, value, shipped, file.parent)
        except _WrongError as error:
            raise OwnProfileError(file, _line_of(text, error.field), error.field, error.reason) from error
    if logo := values.pop("logo", None):
        values["logo_url"] = f"{public_url}/gambar/{keep_logo(logo, picture_dir)}.png"
    profile = replace(shipped, **values)
    if profile.marketing_sender.casefold() == profile.transactional_sender.casefold():
        field = "marketing_sender" if "marketing_sender" in values else "transactional_sender"
        reason = _("promosi dan surel pesanan memakai alamat pengirim yang berbeda (pedoman Google untuk langganan)")
        raise OwnProfileError(file, _line_of(text, field), field, reason)
    return profile


class _WrongError(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def _read(name: str, value: object, shipped: TenantProfile, folder: Path) -> object:
    if name in ("head", "dpo"):
        return _officer(name, value, getattr(shipped, name))
    if name == "letterhead":
        if not isinstance(value, list) or not 1 <= len(value) <= 4:  # noqa: PLR2004  lines of a letterhead
            raise _WrongError(name, _("tulis satu sampai empat baris dalam tanda kurung siku"))
        return tuple(_line("letterhead", one) for one in value)
    if name == "logo":
        return _logo(_line(name, value), folder)
    if name not in _READERS:
        known = ", ".join([*_READERS, "letterhead", "logo", "[head]", "[dpo]"])
        raise _WrongError(name, _("tidak dapat diubah di sini; yang dapat: {known}").format(known=known))
    return _READERS[name](name, value)


def _line(name: str, value: object) -> str:
    if not isinstance(value, str) or one_line(value) != value or not value:
        raise _WrongError(name, _("tulis satu baris teks dalam tanda petik, tanpa spasi di tepi"))
    if len(value) > _LONGEST:
        raise _WrongError(name, _("paling panjang {most} huruf").format(most=_LONGEST))
    return value


def _address(name: str, value: object) -> str:
    try:
        checked = validate_email(_line(name, value), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise _WrongError(name, _("bukan alamat surel")) from error
    return f"{checked.local_part}@{checked.ascii_domain}"


def _website(name: str, value: object) -> str:
    address = _line(name, value)
    if not web_address(address) or not address.startswith("https://"):
        raise _WrongError(name, _("tulis alamat lengkap yang diawali https://"))
    return address.rstrip("/")


def _colour(name: str, value: object) -> str:
    colour = _line(name, value)
    if not _COLOUR.fullmatch(colour):
        raise _WrongError(name, _("tulis warna seperti #2b3f7f"))
    ratio = 1.05 / (_luminance(colour) + 0.05)
    if ratio < LEAST_CONTRAST:
        reason = _("terlalu terang: kontras dengan putih {ratio}, paling sedikit {least}")
        raise _WrongError(name, reason.format(ratio=f"{ratio:.1f}", least=LEAST_CONTRAST))
    return colour.lower()


def _luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004  sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _band(name: str, value: object) -> str:
    if value not in BANDS:
        raise _WrongError(name, _("pilih salah satu: {known}").format(known=", ".join(BANDS)))
    return str(value)


def _officer(name: str, value: object, shipped: Officer) -> Officer:
    if not isinstance(value, dict):
        raise _WrongError(name, _("tulis sebagai bagian [{name}]").format(name=name))
    changed: dict[str, str] = {}
    for key, one in value.items():
        if key not in asdict(shipped):
            raise _WrongError(f"{name}.{key}", _("yang dapat diisi: title, name, email"))
        changed[key] = _address(f"{name}.{key}", one) if key == "email" else _line(f"{name}.{key}", one)
    return replace(shipped, **changed)


def _logo(name: str, folder: Path) -> bytes:
    if "/" in name or "\\" in name or name.startswith("."):
        raise _WrongError("logo", _("tulis nama berkas yang ada di folder yang sama"))
    try:
        return logo_png((folder / name).read_bytes())
    except OSError as error:
        raise _WrongError("logo", _("berkas tidak ada atau tidak terbaca")) from error
    except ValueError as error:
        raise _WrongError("logo", _("bukan gambar PNG, JPEG, atau WebP paling besar 2 MB")) from error


def _line_of(text: str, field: str) -> int:
    """Return the line on which a field is written, 1 when it cannot be found."""
    table, _dot, key = field.rpartition(".")
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ")
            if inside == field:
                return number
        elif inside == table and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*[=.]", stripped):
            return number
    return 1


_READERS: Final[Mapping[str, Callable[[str, object], str]]] = {
    "government": _line,
    "dinas": _line,
    "dinas_short": _line,
    "address": _line,
    "phone": _line,
    "email": _address,
    "website": _website,
    "brand_color": _colour,
    "band": _band,
    "marketing_sender": _address,
    "transactional_sender": _address,
}
