"""Which column is which field of the contract: by the operator's word, by the contract's own names, or in Indonesian. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, get_args

from pydantic import BaseModel

from catalog_sync.contract import Kind
from catalog_sync.contract.models import PermitType
from catalog_sync.contract.parse import MODELS
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PERMIT: Final = "permits."
EXPIRES: Final = ".expires"
_INDONESIAN: Final[Mapping[Kind, str]] = MappingProxyType({
    Kind.BUSINESS: """
        id_usaha kode_usaha=id nama nama_usaha nama_umkm=name jenis peran=role skala skala_usaha=scale nomor_nib=nib binaan=is_binaan
        kode_wilayah=domicile_region kecamatan=domicile_kecamatan nama_pemilik pemilik=owner_name nik nik_pemilik=owner_nik
        nik_terverifikasi=owner_nik_verified alamat=address telepon no_telepon no_hp hp=phone surel=email situs=website
        lokapasar=marketplace_urls kelompok=joined_group status_verifikasi=verification.status diverifikasi_oleh=verification.by
        diverifikasi_pada tanggal_verifikasi=verification.at diubah_pada=updated_at
    """,
    Kind.PRODUCT: """
        id_produk kode_produk kode sku=id id_usaha kode_usaha usaha_id=business_id jenis=kind kategori=category nama nama_produk=name
        deskripsi keterangan=description harga harga_jual=price satuan=unit berat berat_gram=weight_gram stok jumlah_stok=stock
        minimal_pesan=min_order gambar foto image image_url image_urls=images cara_pesan=how_to_order.text tautan=how_to_order.url
        wa whatsapp=how_to_order.whatsapp status_halal=halal.status nomor_halal halal_no=halal.number harga_diskon=sale.price
        diskon_mulai=sale.starts diskon_selesai=sale.ends status_verifikasi=verification.status diverifikasi_oleh=verification.by
        diverifikasi_pada tanggal_verifikasi=verification.at pirt nomor_pirt=permits.PIRT pirt_berlaku=permits.PIRT.expires
        bpom nomor_bpom=permits.BPOM_MD diubah_pada=updated_at
    """,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A field of the contract: its path, and the type that it holds (a permit's number is text)."""

    path: str
    type: Any


def targets(kind: Kind) -> dict[str, Target]:
    """Return every field of a kind by its dotted path, one level deep as the contract is."""
    found: dict[str, Target] = {}
    for name, field in MODELS[kind].model_fields.items():
        part = _part(field.annotation)
        if part is None:
            found[name] = Target(name, field.annotation)
        else:
            found |= {
                f"{name}.{inner}": Target(f"{name}.{inner}", one.annotation) for inner, one in part.model_fields.items()
            }
    if kind is Kind.PRODUCT:
        for permit in PermitType:
            found[f"{PERMIT}{permit}"] = Target(f"{PERMIT}{permit}", str)
            found[f"{PERMIT}{permit}{EXPIRES}"] = Target(f"{PERMIT}{permit}{EXPIRES}", "day")
    return found


def assigned(kind: Kind, columns: Sequence[str], given: Mapping[str, Any], name: str) -> dict[int, Target]:
    """Return the field of each column that has one; CatalogError where the mapping names what is not there.

    What nobody asked for is not read: a shop's table holds more than a promotion needs (UU 27/2022 Ps. 27).
    """
    twice = [column for column in columns if list(columns).count(column) > 1]
    if twice:
        raise _wrong(name, _("kolom {column} ada dua kali; beri nama lain dengan AS").format(column=twice[0][:60]))
    known, by_name = targets(kind), _names(kind)
    missing = [column for column in given if column not in columns]
    if missing:
        raise _wrong(name, _("tidak ada kolom {column}").format(column=missing[0][:60]))
    found: dict[int, Target] = {}
    for number, column in enumerate(columns):
        if column in given:
            path = given[column]
            if path in (None, ""):
                continue
            if not isinstance(path, str) or path not in known:
                raise _wrong(name, _("{path} bukan kolom kontrak").format(path=str(path)[:60]))
            found[number] = known[path]
        elif path := by_name.get(_plain(column)):
            found[number] = known[path]
    taken = {target.path for number, target in found.items() if columns[number] in given}
    return {number: target for number, target in found.items() if columns[number] in given or target.path not in taken}


def _names(kind: Kind) -> dict[str, str]:
    """Return the path of every name that is understood without being told."""
    found: dict[str, str] = {}
    for line in re.findall(r"([\w ]+?)\s*=\s*(\S+)", " ".join(_INDONESIAN.get(kind, "").split())):
        found |= dict.fromkeys(line[0].split(), line[1])
    if kind is Kind.PRODUCT:
        for number in range(1, 11):
            found |= {f"image_url_{number}": "images", f"image_{number}": "images", f"foto_{number}": "images"}
        for permit in PermitType:
            found[f"permit_{permit.lower()}"] = f"{PERMIT}{permit}"
            found[f"permit_{permit.lower()}_expires"] = f"{PERMIT}{permit}{EXPIRES}"
    for path in targets(kind):
        found[_plain(path)] = path
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


def _part(annotation: Any) -> type[BaseModel] | None:
    """Return the model of an optional part, None for plain fields and for lists."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _wrong(name: str, reason: str) -> CatalogError:
    return CatalogError(_("Kueri “{name}”: {reason}. Perbaiki pemetaan sumber ini.").format(name=name, reason=reason))
