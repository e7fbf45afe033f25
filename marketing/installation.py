"""One installation on this machine: a migrated database, the processes, and the addresses they share."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import SystemRandom
from typing import Final

from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import utc_now
from marketing.db.migrate import migrate
from marketing.db.session import Database
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.settings import Settings, child_environment
from marketing.supervisor import Service, Supervisor

_PORTS: Final = range(20_000, 32_768)


@dataclass(slots=True)
class Installation:
    """What `siar up` and the demo run."""

    settings: Settings
    supervisor: Supervisor

    @classmethod
    @contextmanager
    def prepare(cls, settings: Settings) -> Iterator["Installation"]:
        """Check the folder, the ports and the database, migrate, and stop everything at the end."""
        settings.prepare_data_dir()
        settings.signing_key  # noqa: B018  made once, before several processes ask for it
        require_free_port(settings.host, settings.port)
        if not settings.smtp_host and connects("127.0.0.1", settings.inbox_port):
            settings = settings.model_copy(update={"inbox_port": free_port()})
        database = Database(settings.database)
        try:
            migrate(database)
            with database.write() as session:
                ensure_tenants(session, utc_now())
        finally:
            database.close()
        environment = child_environment(
            SIAR_DATA_DIR=str(settings.data_dir.resolve()),
            SIAR_PORT=str(settings.port),
            SIAR_PUBLIC_URL=settings.public_url,
            SIAR_INBOX_PORT=str(settings.inbox_port),
            SIAR_LOG_LEVEL=settings.log_level,
            **settings.catalog_environment(),
            **settings.social_environment(),
            SIAR_QUIET_HOURS=str(settings.quiet_hours).lower(),
        )
        installation = cls(settings, Supervisor(environment))
        try:
            yield installation
        finally:
            installation.supervisor.stop()

    def start(self) -> None:
        """Start every part and wait until all are ready."""
        settings = self.settings
        if not settings.broker_url:
            self.supervisor.start([Service("broker", ["broker"], lambda: _connects_unix(str(settings.broker_socket)))])
        services = [
            Service("web", ["web"], lambda: connects(settings.host, settings.port)),
            Service("worker", ["worker"], lambda: True),
            Service("scheduler", ["scheduler"], lambda: True),
        ]
        if not settings.smtp_host:
            services.insert(0, Service("inbox", ["inbox"], lambda: connects("127.0.0.1", settings.inbox_port)))
        self.supervisor.start(services)

    def watch(self) -> None:
        """Stay until Ctrl-C or SIGTERM."""
        self.supervisor.watch()


def free_port() -> int:
    """Return a loopback port that is free now, and that no program gets which asks its system for any: those lie higher."""
    with socket.socket() as probe:
        for port in (*SystemRandom().sample(_PORTS, 100), 0):
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                break
        found: int = probe.getsockname()[1]
        return found


def require_free_port(host: str, port: int) -> None:
    """Raise MarketingError with a sentence when the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise MarketingError(
                _("Porta {port} di {host} tidak dapat dipakai ({reason}). Pilih porta lain dengan SIAR_PORT.").format(
                    port=port, host=host, reason=error.strerror
                )
            ) from error


def connects(host: str, port: int) -> bool:
    """Return whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _connects_unix(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.connect(path)
        return True
    return False
