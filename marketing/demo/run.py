"""Run the demo: processes, catalogues, the script, the summary."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketing.bootstrap import App, build_app, utc_now
from marketing.demo.catalogue import serve_catalogues
from marketing.demo.people import Login, ensure_people
from marketing.demo.post_lives import told
from marketing.demo.providers import town
from marketing.demo.readers import read_and_click
from marketing.demo.rehearsal import Rehearsal
from marketing.demo.script import pull, run_tenant, wait_until_settled
from marketing.demo.summary import summarise
from marketing.installation import Installation, free_port
from marketing.settings import Settings
from marketing.tenants.profile import load_profiles


@dataclass(frozen=True, slots=True)
class Result:
    """What the demo did, and whether every ledger balances."""

    numbers: dict[str, Any]
    balanced: bool
    logins: list[Login]


@contextmanager
def running_demo(settings: Settings, *, providers: bool = False) -> Iterator[tuple[Installation, Result]]:
    """Start everything, play the whole job, and keep the installation running inside the block.

    With `providers` the social networks are simulated too, and posts live their whole life there.
    """
    started = time.monotonic()
    settings.prepare_data_dir()
    with ExitStack() as stack:
        sources = dict(stack.enter_context(serve_catalogues(settings.data_dir / "contoh", utc_now())))
        chosen = settings.model_copy(update={"catalog_sources": sources})
        made = stack.enter_context(town()) if providers else None
        chosen = made.settings(chosen) if made is not None else chosen
        installation = stack.enter_context(Installation.prepare(chosen))
        if made is not None:
            made.opens(installation.settings.public_url)
        installation.start()
        app = build_app(installation.settings)
        try:
            result = _play(app, sources, started, Rehearsal(app, made) if made is not None else None)
        finally:
            app.close()
        yield installation, result


def _play(app: App, sources: dict[str, str], started: float, rehearsal: Rehearsal | None) -> Result:
    logins, wanted = ensure_people(app), list(load_profiles())
    for tenant_id in wanted:
        pull(app, tenant_id, sources[tenant_id])
        if rehearsal is not None:
            rehearsal.begin(tenant_id)
        run_tenant(app, tenant_id)
    if rehearsal is not None:
        rehearsal.settle(wanted)
    wait_until_settled(app, wanted)
    tenants, balanced = {}, True
    for tenant_id in wanted:
        read_and_click(app, tenant_id)
        if rehearsal is not None:
            rehearsal.recall(tenant_id, app.settings.data_dir / "contoh" / tenant_id, sources[tenant_id])
        tenants[tenant_id], fine = summarise(app, tenant_id)
        if rehearsal is not None:
            tenants[tenant_id]["providers"] = told(rehearsal, tenant_id)
        balanced = balanced and fine
    return Result({"tenants": tenants, "seconds": round(time.monotonic() - started, 1)}, balanced, logins)


@contextmanager
def demo_settings(settings: Settings, *, once: bool) -> Iterator[Settings]:
    """Choose the demo's folder and ports.

    A folder set by the operator is used as it is; else `--once` takes a temporary one and the standing demo one of its
    own, so that sample people never mix with real ones. `--once` takes free ports, to run beside anything.
    """
    chosen: dict[str, Any] = {"quiet_hours": False}  # whoever looks at night wants to see it go out
    if once:
        port = free_port()
        chosen |= {"port": port, "public_url": f"http://127.0.0.1:{port}", "inbox_port": free_port()}
    if "data_dir" in settings.model_fields_set:
        yield settings.model_copy(update=chosen)
    elif once:
        with tempfile.TemporaryDirectory(prefix="siar-peragaan-") as folder:
            yield settings.model_copy(update={**chosen, "data_dir": Path(folder)})
    else:
        yield settings.model_copy(update={**chosen, "data_dir": settings.data_dir / "peragaan"})
