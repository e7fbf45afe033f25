"""A worker that ends at any step of sending WhatsApp messages: nobody is ever written to twice, and what is in doubt is said.

`SIAR_ROUNDS=100 pytest tests/integration/social/test_whatsapp_lives.py` kills a hundred campaigns, and one at every step; the
suite kills at every seventh step. Meta can be asked about nothing afterwards: its statuses settle what did leave.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from marketing.channels.pace import Pace
from marketing.channels.social import Access
from marketing.channels.whatsapp.cloud import WhatsAppMessenger
from marketing.channels.whatsapp.cloud_client import CloudClient
from marketing.delivery.leases import LEASE
from marketing.demo.simulators.graph import APP_SECRET
from marketing.demo.simulators.server import Fault
from marketing.domain.message import MessageState
from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from tests.support.chat_campaign import PROMO, Chats, add_buyer, chats_of
from tests.support.market import Killed, Tap
from tests.support.world import World, add_product, messages

S = MessageState
ROUNDS = int(os.environ.get("SIAR_ROUNDS", "2"))
STRIDE = 1 if "SIAR_ROUNDS" in os.environ else 7
PEOPLE = 2
LOST = (Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE)


class Unhurried(Pace):
    """The same people in every round, at no pace."""

    def take(self, *_given: object, **_named: object) -> None:
        pass

    def look(self, *_given: object) -> None:
        pass


class TappedClient(CloudClient):
    tap: Tap

    def send_template(self, number_id: str, message: OutboundTemplate) -> str:
        self.tap("before the call")
        wamid = super().send_template(number_id, message)
        self.tap("after the call")
        return wamid


@dataclass
class Lives:
    chats: Chats
    tap: Tap
    product: int

    def life(self, *kills: int, fault: Fault | None = None) -> bool:
        """Send one campaign, killed at these steps of its stretches; True when one of them came."""
        world, server = self.chats.world, self.chats.server
        world.clock.forward(days=9)  # nobody is kept from it by what came before
        server.now = world.clock.now
        before = len(server.sent)
        campaign = self.chats.approved(self.product)
        if fault is not None:
            server.faults["/messages"].append(fault)
        killed = [self.stretch(campaign, kill) for kill in kills]
        for _turn in range(3):
            assert not self.stretch(campaign, 0)
        server.faults["/messages"].clear()
        self.check(campaign, Counter(one.to for one in server.sent[before:]), kills)
        return any(killed)

    def stretch(self, campaign: int, kill: int) -> bool:
        """Do what workers do until they are killed; their leases run out afterwards."""
        world = self.chats.world
        self.tap.again(at=kill)
        try:
            with self.tap.commits(world):
                self.chats.run(campaign)
        except Killed:
            return True
        finally:
            self.tap.again()
            world.clock.now += LEASE * 2
            self.chats.server.now = world.clock.now
            world.app.sweeper.sweep()
        return False

    def check(self, campaign: int, reached: Counter[str], told: object) -> None:
        world = self.chats.world
        assert set(reached.values()) <= {1}, told
        rows = [row for row in messages(world) if row.campaign_id == campaign]
        assert len(rows) == PEOPLE, told
        assert {row.state for row in rows} <= {S.ACCEPTED, S.UNKNOWN}, told
        self.chats.told()
        states = Counter(row.state for row in messages(world) if row.campaign_id == campaign)
        assert states[S.DELIVERED] == len(reached), "whatever left is known by its statuses"
        assert states[S.UNKNOWN] == PEOPLE - len(reached), told
        assert world.ledger(campaign).balances


@pytest.fixture
def lives(small_world: World) -> Iterator[Lives]:
    with chats_of(small_world) as chats:
        tap, app = Tap(), small_world.app

        def opened(access: Access) -> TappedClient:
            client = TappedClient(access.token, app_secret=APP_SECRET, host=chats.server.url)
            client.tap = tap
            return client

        numbers = WhatsAppNumbers(app.database, app.settings.sealer, small_world.clock)
        chats.messenger = WhatsAppMessenger(numbers, Unhurried(), opened)
        small_world.app = replace(app, pipeline=chats.pipeline())
        for number in range(1, PEOPLE + 1):
            add_buyer(small_world, number, PROMO)
        yield Lives(chats, tap, add_product(small_world.app, 1))


def test_a_kill_at_any_step_writes_to_nobody_twice(lives: Lives) -> None:
    step = 1
    while lives.life(step):
        step += STRIDE
    assert step > 12, "every call and every commit was a step"


def test_lives_with_several_kills_and_lost_answers_write_to_nobody_twice(lives: Lives) -> None:
    chance = random.Random(11)
    for _round in range(ROUNDS):
        kills = [chance.randint(1, 30) for _kill in range(chance.randint(1, 3))]
        lives.life(*kills, fault=chance.choice([None, *LOST]))
