"""Ask providers how far posts reached: often while a post is fresh, seldom later, and never before the posts themselves.

One account's fault stays its own; what cannot be asked now is asked later. Nothing is changed at a provider, so a worker that dies
here loses nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from marketing.channels.base import Publisher, Publishers
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.measuring import Measurement, Measures, Unmeasured
from marketing.db.exclusive import exclusively
from marketing.db.session import Database
from marketing.delivery.post_figures import Due, begin, due_posts, put_off, record
from marketing.i18n import gettext as _
from marketing.observability import get_logger

AT_ONCE: Final = 60
"""So many posts of a Daerah are asked for in one round; the rest waits for the next, five minutes later."""
OURS: Final = timedelta(hours=1)  # a fault of this program, which somebody may mend
RECONNECT: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=5)
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Measuring:
    """Asks through the ports."""

    database: Database
    publishers: Publishers
    clock: Callable[[], datetime]

    def run(self, tenant_id: str) -> int:
        """Ask for what is due, one process at a time; return how many posts were asked for."""
        with exclusively(self.database, f"post figures {tenant_id}") as alone:
            if not alone:
                return 0
            now = self.clock()
            with self.database.write() as session:
                begin(session, tenant_id, now)
            with self.database.read() as session:
                due = due_posts(session, tenant_id, now, AT_ONCE)
            by_account = sorted(due, key=lambda one: (one.channel, one.account))
            groups = groupby(by_account, key=lambda one: (one.channel, one.account))
            return sum(self._account(tenant_id, list(posts)) for _account, posts in groups)

    def _account(self, tenant_id: str, posts: Sequence[Due]) -> int:
        """Ask for the posts of one account, until it says that it is enough."""
        channel, account = posts[0].channel, posts[0].account
        done = 0
        try:
            publisher = self.publishers.of(tenant_id, channel, account, sending=False)
            for post in posts:
                said = _measured(publisher, post)
                with self.database.write() as session:
                    record(session, post.post_id, said, self.clock())
                done += 1
        except ReconnectError as error:
            self.publishers.lost(tenant_id, channel, account, str(error))
            self._later(posts[done:], RECONNECT)
        except TemporaryError as error:
            self._later(posts[done:], max(error.retry_after, SHORTEST))
        except PermanentError as error:
            self._none(posts[done:], str(error))
        except Exception:  # the fault of one account must not keep the others from their turn
            log.exception("figures could not be asked for", channel=channel.value, account=account)
            self._later(posts[done:], OURS)
        return done

    def _later(self, posts: Sequence[Due], wait: timedelta) -> None:
        now = self.clock()
        with self.database.write() as session:
            put_off(session, [post.post_id for post in posts], now + wait, now)

    def _none(self, posts: Sequence[Due], reason: str) -> None:
        """Write that an account cannot be asked (it was removed); it is tried again at the posts' next step."""
        with self.database.write() as session:
            for post in posts:
                record(session, post.post_id, Unmeasured(reason), self.clock())


def _measured(publisher: Publisher, post: Due) -> Measurement:
    if not isinstance(publisher, Measures):
        return Unmeasured(_("Kanal ini tidak memberi angka."))
    if not post.handle:
        return Unmeasured(_("Kiriman ini ditandai oleh petugas, jadi nomornya di kanal tidak diketahui."))
    return publisher.measure(post.handle, post.permalink)
