"""Publish the posts of a campaign: prepare, write ahead, submit once, record; what is in doubt is looked up, not repeated."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketing.channels.base import Deferred, Failed, InDoubt, Publisher, Publishers, Ready
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.delivery.post_ledger import Answer, PostLedger, Step, Turn
from marketing.observability import get_logger
from marketing.products.picture_variants import make_files

OURS: Final = timedelta(minutes=5)  # a fault of this program: nothing was sent, and somebody may mend it
RECONNECT: Final = timedelta(minutes=15)
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Publishing:
    """Publishes through the ports; each post by itself, so that one channel's fault stays its own."""

    ledger: PostLedger
    publishers: Publishers

    def publish(self, campaign_id: int) -> None:
        """Take the next step with every due post of the campaign."""
        while (turn := self.ledger.take(campaign_id)) is not None:
            answer = self._answer(turn)
            if answer is not None:
                self.ledger.record(turn, answer)

    def _answer(self, turn: Turn) -> Answer | None:
        """Return what came of the step, None when the post may not leave any more."""
        key = turn.post.key
        try:
            publisher = self.publishers.of(turn.tenant, turn.channel, turn.account, sending=turn.step is Step.SUBMIT)
            match turn.step:
                case Step.FIND:
                    return publisher.find(turn.post, turn.note)
                case Step.POLL:
                    return publisher.poll(turn.post, turn.handle)
                case Step.SUBMIT:
                    return self._send(turn, publisher)
        except ReconnectError as error:
            self.publishers.lost(turn.tenant, turn.channel, turn.account, str(error))
            return Deferred(key, str(error), RECONNECT)
        except TemporaryError as error:
            return Deferred(key, str(error), error.retry_after)
        except PermanentError as error:
            # Only sending can fail for good: what was asked about may stand.
            return Failed(key, "refused", str(error)) if turn.step is Step.SUBMIT else InDoubt(key, str(error))
        except Exception as error:  # the fault of one channel must not keep the others from their turn
            log.exception("channel failed", channel=turn.channel, post=turn.post_id)
            return Deferred(key, type(error).__name__, OURS)

    def _send(self, turn: Turn, publisher: Publisher) -> Answer | None:
        make_files(turn.post.pictures)
        prepared = publisher.prepare(turn.post, turn.note)
        if not isinstance(prepared, Ready):
            return prepared
        if not self.ledger.begin(turn, prepared.note):
            return None
        try:
            return publisher.submit(turn.post, prepared.note)
        except (TemporaryError, PermanentError):
            raise
        except Exception as error:  # from here on a fault says nothing about what stands
            log.exception("channel failed while publishing", channel=turn.channel, post=turn.post_id)
            return InDoubt(turn.post.key, type(error).__name__)
