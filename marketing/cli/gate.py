"""Commands that ask the gate: why a product may be promoted or not, of one, of all, and gathered for the pendamping."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _
from marketing.settings import load_settings

if TYPE_CHECKING:
    from marketing.bootstrap import App
    from marketing.domain.guidance import BusinessDigest
    from marketing.products.explain import Explanation
    from marketing.tenants.profile import TenantProfile

commands = typer.Typer()
group = typer.Typer(help=N_("Tanya gerbang: apa yang boleh dipromosikan, apa yang tertahan, menurut pasal mana."))
commands.add_typer(group, name="gate")

Tenant = Annotated[str, typer.Option(help="tts, blitar")]


@group.command("explain", help=N_("Jelaskan satu produk: boleh atau tertahan, alasannya, dan cara menyelesaikannya."))
def explain_command(
    product: Annotated[str, typer.Argument(help=N_("id produk seperti di katalog"))],
    tenant: Tenant,
    source: Annotated[str, typer.Option(help=N_("sumber katalog, bila id yang sama ada di beberapa sumber"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Explain one product as the gate sees it now."""
    from marketing.products.explain import explain

    with _asking(tenant) as (app, profile):
        with app.database.read() as session:
            found = explain(session, profile, product, app.clock(), source=source)
        print(_json(found.to_json()) if as_json else "\n".join(_lines(found)))


@group.command("list", help=N_("Daftar semua produk beserta keputusan gerbang sekarang."))
def list_command(
    tenant: Tenant,
    held: Annotated[bool, typer.Option("--held", help=N_("hanya yang tertahan"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Explain every live product."""
    from marketing.products.explain import explain_all

    with _asking(tenant) as (app, profile):
        found = explain_all(app.database, profile, app.clock(), held=held)
        if as_json:
            _print_array(one.to_json() for one in found)
        else:
            _print_table(found)


@group.command("digest", help=N_("Yang kurang per UMKM, untuk pendamping: legalitas, sertifikasi, pemasaran."))
def digest_command(
    tenant: Tenant, as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False
) -> None:
    """Gather what each business lacks."""
    from marketing.products.guidance import all_digests

    with _asking(tenant) as (app, profile):
        found = all_digests(app.database, profile, app.clock())
        if as_json:
            _print_array(digest_json(one) for one in found)
            return
        number = 0
        for one in found:
            number += 1
            print("\n".join(_digest_lines(one)))
        print(
            ngettext("{n} UMKM perlu pendampingan.", "{n} UMKM perlu pendampingan.", number).format(n=number)
            if number
            else _("Tidak ada UMKM dengan produk tertahan.")
        )


def digest_json(one: "BusinessDigest") -> dict[str, Any]:
    """Return the digest of a business as plain JSON values."""
    return {
        "business": one.business.id,
        "name": one.business.name,
        "kecamatan": one.business.domicile_kecamatan,
        "products": one.total,
        "held": one.held,
        "next_step": one.next_step,
        "gaps": [
            {
                "topic": gap.topic.value,
                "basis": gap.basis,
                "code": gap.code,
                "text": gap.text,
                "cure": gap.cure,
                "count": gap.count,
                "products": list(gap.products),
            }
            for gap in one.gaps
        ],
    }


@contextmanager
def _asking(tenant: str) -> "Iterator[tuple[App, TenantProfile]]":
    """Open the installation for looking; a SQLite file of an older version is brought up to this one first."""
    from marketing.bootstrap import build_app
    from marketing.db.migrate import migrate
    from marketing.db.version import check
    from marketing.tenants.profile import profile_of

    profile = profile_of(tenant)
    settings = load_settings()
    settings.prepare_data_dir()
    app = build_app(settings)
    try:
        migrate(app.database) if not settings.database_url else check(app.database)
        yield app, profile
    finally:
        app.close()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _print_array(values: Iterable[dict[str, Any]]) -> None:
    """Print a JSON array element by element: a hundred thousand products never stand in memory together."""
    opening = "["
    for value in values:
        print(f"{opening}{_json(value)}", end="")
        opening = ",\n"
    print("[]" if opening == "[" else "]")


def _lines(found: "Explanation") -> Iterator[str]:
    facts = found.facts
    yield f"{facts.id} {facts.name} ({facts.business.name})"
    if found.verdict.promotable:
        yield _("Boleh dipromosikan.")
    for reason in found.verdict.reasons:
        yield _("Tertahan {code}: {text}").format(code=reason.code, text=reason.text)
        yield _("  Dasar: {law}").format(law=reason.citation)
        yield _("  Supaya lolos: {cure}").format(cure=reason.cure)
    for remark in found.remarks:
        yield _("Catatan: {text}").format(text=remark.text)
        yield _("  Saran: {cure}").format(cure=remark.cure)
    yield _("Aturan {rules}, katalog versi {version}.").format(
        rules=found.verdict.rule_version, version=found.catalog_version
    )


def _print_table(found: "Iterable[Explanation]") -> None:
    """Print a line per product and the totals per code; a product held by two articles counts under both."""
    totals: Counter[str] = Counter()
    number = ready = 0
    for one in found:
        number += 1
        ready += one.verdict.promotable
        codes = list(dict.fromkeys(reason.code for reason in one.verdict.reasons))
        totals.update(codes)
        said = ", ".join(codes) or _("boleh")
        print(f"{one.facts.id}\t{said}\t{one.facts.name} ({one.facts.business.name})")
    print(_("{total} produk: {ready} boleh, {held} tertahan.").format(total=number, ready=ready, held=number - ready))
    for code, count in sorted(totals.items()):
        print(f"{code}\t{count}")


def _digest_lines(one: "BusinessDigest") -> Iterator[str]:
    yield _("{id} {name}: {held} dari {total} produk tertahan").format(
        id=one.business.id, name=one.business.name, held=one.held, total=one.total
    )
    for gap in one.gaps:
        yield f"  [{gap.topic.value}] {gap.text} ({gap.code}, {gap.count})"
    yield _("  Langkah berikut: {step}").format(step=one.next_step)
