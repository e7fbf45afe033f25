"""The public gallery from the command line."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

commands = typer.Typer()
group = typer.Typer(help=N_("Situs umum: galeri produk."))
commands.add_typer(group, name="website")


@group.callback()
def _group() -> None:
    """Keep `export` a command of its own, also while it is the only one."""


@group.command("export", help=N_("Tulis seluruh galeri sebagai berkas biasa, untuk hosting tanpa server aplikasi."))
def export_command(
    out: Annotated[Path, typer.Option(help=N_("folder hasil; kosong, atau hasil ekspor sebelumnya"))],
    tenant: Annotated[str, typer.Option(help=N_("tts, blitar; kosong: semua Daerah"))] = "",
    base_url: Annotated[
        str, typer.Option(help=N_("alamat umum hasil ekspor, misalnya https://umkm.go.id/galeri"))
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Write the whole gallery as plain files."""
    from marketing.bootstrap import build_app
    from marketing.db.version import check
    from marketing.domain.text import web_address
    from marketing.errors import InvalidInputError
    from marketing.tenants.profile import load_profiles, profile_of
    from marketing.web.export.crawl import export

    if base_url and not web_address(base_url):
        raise InvalidInputError(
            _("Alamat “{url}” harus http(s) yang utuh, misalnya https://umkm.go.id.").format(url=base_url)
        )
    tenants = [profile_of(tenant).id] if tenant else list(load_profiles())
    settings = load_settings(public_url=base_url.rstrip("/")) if base_url else load_settings()
    app = build_app(settings)
    try:
        check(app.database)
        done = export(app, out, tenants, _say if sys.stderr.isatty() else lambda _pages: None)
    finally:
        app.close()
    if as_json:
        print(json.dumps({"out": str(out), "base_url": settings.public_url, "tenants": tenants, **asdict(done)}))
        return
    print(
        _("{pages} halaman, {files} berkas ({size} MB) ditulis ke {path} dalam {seconds} detik.").format(
            pages=done.pages,
            files=done.files,
            size=round(done.bytes / 1_000_000, 1),
            path=out,
            seconds=round(done.seconds, 1),
        )
    )


def _say(pages: int) -> None:
    print(_("{n} halaman …").format(n=pages), file=sys.stderr)
