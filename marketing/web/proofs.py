"""Pictures that people send to show what they did: looked at with suspicion, written anew as ours, kept from the public."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from catalog_sync.pictures import PictureError, re_encode
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.products.picture_variants import write_once

MEGABYTES: Final = 10
MOST_BYTES: Final = MEGABYTES * 1024 * 1024
LEAST_SIDE: Final = 100
"""Pixels; on anything smaller nobody could recognise a post."""


def kept_proof(folder: Path, given: object) -> str:
    """Keep an uploaded picture without its EXIF and return its name; empty where none was chosen.

    InvalidInputError says what is wrong with it: no picture, damaged, too large or too small to show anything.
    """
    if not isinstance(given, UploadFile) or not given.filename:
        return ""
    body = given.file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise InvalidInputError(too_large(), field="bukti")
    try:
        data, width, height = re_encode(body)
    except PictureError as error:
        text = _("Gambar ini tidak dapat dipakai: {why} Kirim tangkapan layar JPEG atau PNG, atau kosongkan.")
        raise InvalidInputError(text.format(why=error), field="bukti") from error
    if min(width, height) < LEAST_SIDE:
        raise InvalidInputError(
            _("Gambar ini terlalu kecil untuk dilihat. Kirim tangkapan layar seutuhnya, atau kosongkan."), field="bukti"
        )
    name = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    write_once(folder / f"{name}.jpg", data)
    return name


def too_large() -> str:
    """Return what to do about a picture that is too large."""
    return _("Gambar lebih besar dari {limit} MB. Kirim tangkapan layar saja, atau kosongkan.").format(limit=MEGABYTES)
