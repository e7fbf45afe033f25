"""Files in the data folder that speak of a person: mails in the rehearsal's mailbox, and copies of imported files."""

from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

from sqlalchemy import select

from marketing.contacts.importing.state import OPEN
from marketing.contacts.personal_data import Person
from marketing.db.models import ImportJob
from marketing.db.session import Database
from marketing.domain.types import ChannelName

_HEAD_BYTES = 64 * 1024
_TO = ("To", "Cc", "Delivered-To", "X-Original-To")


@dataclass(frozen=True, slots=True)
class LeftoverFiles:
    """Knows where they lie."""

    database: Database
    inbox: Path
    imports: Path

    def forget(self, tenant_id: str, person: Person) -> int:
        """Remove them; return how many. What is gone already does no harm."""
        return self._mails(person) + self._imports(tenant_id)

    def _mails(self, person: Person) -> int:
        """Remove the mails to a person from the mailbox on this computer, which stands in for everybody's own."""
        from marketing.channels.email.local_inbox import read_inbox  # noqa: PLC0415  its server takes 2 MB of every process

        mine = {written.lower() for kind, written, _hash in person.addresses if kind is ChannelName.EMAIL}
        removed = 0
        for mail in read_inbox(self.inbox) if mine and self.inbox.is_dir() else ():
            with suppress(OSError), mail.path.open("rb") as file:
                head = message_from_bytes(file.read(_HEAD_BYTES), policy=default)
                to = getaddresses([str(value) for name in _TO for value in head.get_all(name, [])])
                if mine & {address.lower() for _name, address in to}:
                    mail.path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _imports(self, tenant_id: str) -> int:
        """Remove copies of uploaded files and of their faulty rows, all of them: a row may write an address in any way.

        They are only kept for a week. A file that is just being read stays; its import takes no erased person in.
        """
        with self.database.read() as session:
            jobs = session.scalars(select(ImportJob).where(ImportJob.tenant_id == tenant_id)).all()
        removed = 0
        for job in jobs:
            for path in (Path(job.path), Path(job.errors_path)) if job.state not in OPEN else ():
                if path.parent == self.imports and path.is_file():
                    with suppress(OSError):
                        path.unlink(missing_ok=True)
                        removed += 1
        return removed
