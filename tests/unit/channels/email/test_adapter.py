"""One outcome per message; one that cannot be written fails alone; who carries a message is settled by the message."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.base import IN_HAND, Accepted, Deferred, Failed, Load, Messenger, SendOutcome, send_one
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.mail_accounts import (
    HOPELESS_REST,
    LONGEST_REST,
    MailAccount,
    ranked,
)
from marketing.channels.email.rates import AccountRates, Rate
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from marketing.domain.types import ChannelName, EmailType
from tests.support.mail import MAIL, NOW, mail

DOWN = TemporaryError("connection", timedelta(minutes=5))


@dataclass
class Way:
    """A provider and its carrier in one, which keeps what it was given; down when told, and after `last` messages."""

    name: str
    down: TemporaryError | None = None
    last: int = 1_000_000
    gathers: bool = False
    seen: list[str] = field(default_factory=list)
    opened: int = 0
    released: int = 0
    held: list[str] = field(default_factory=list)
    idled: float = 0.0

    def open(self) -> "Way":
        self.opened += 1
        if self.down is not None:
            raise self.down
        return self

    def ready(self, seconds: float) -> bool:
        if len(self.seen) >= self.last:
            raise DOWN
        return True

    def answered(self) -> Sequence[SendOutcome]:
        return () if self.gathers else self.flush()

    def carry(self, email: OutboundEmail) -> None:
        self.seen.append(email.key)
        self.held.append(email.key)

    def idle(self, seconds: float) -> None:
        self.idled += seconds

    def flush(self) -> Sequence[SendOutcome]:
        held, self.held = self.held, []
        return tuple(Accepted(key, self.name) for key in held)

    def trouble(self) -> TemporaryError | None:
        return None

    def release(self) -> None:
        self.released += 1

    def close(self) -> None:
        self.opened = -1


@dataclass
class Book:
    """The accounts of everyone."""

    accounts: list[MailAccount]
    told: list[tuple[str, str]] = field(default_factory=list)

    def of(self, tenant: str, email_type: EmailType) -> Sequence[MailAccount]:
        return self.accounts if tenant == "tts" else ()

    def heard(self, account: MailAccount, trouble: str) -> None:
        self.told.append((account.id, trouble))

    def close(self) -> None:
        for account in self.accounts:
            account.provider.close()


def book(*ways: Way, **rates: AccountRates) -> Book:
    return Book([MailAccount(way.name, way, rates=rates.get(way.name, AccountRates(way.name))) for way in ways])


def messenger(accounts: Book) -> EmailMessenger:
    return EmailMessenger(accounts, lambda: NOW)


def mails(count: int) -> list[OutboundEmail]:
    return [mail(f"m{number}") for number in range(count)]


def test_it_is_the_messenger_of_e_mail() -> None:
    carries: Messenger = messenger(book(Way("a")))
    assert carries.name is ChannelName.EMAIL
    assert list(carries.send([])) == []


def test_a_message_keeps_its_account_and_a_new_account_takes_only_its_share() -> None:
    two = [MailAccount(name, Way(name)) for name in "ab"]
    three = [*two, MailAccount("c", Way("c"))]
    keys = [str(number) for number in range(3_000)]
    before = {key: ranked(two, key)[0].id for key in keys}
    after = {key: ranked(list(reversed(three)), key)[0].id for key in keys}
    assert {after[key] for key in keys if after[key] != before[key]} == {"c"}
    assert all(800 < count < 1_200 for count in Counter(after.values()).values())


@given(st.lists(st.integers(1, 100), min_size=1, max_size=6), st.text(max_size=20))
def test_every_account_stands_once_in_the_order_of_a_message(weights: list[int], key: str) -> None:
    accounts = [MailAccount(str(number), Way("x"), weight) for number, weight in enumerate(weights)]
    assert sorted(one.id for one in ranked(accounts, key)) == sorted(one.id for one in accounts)


def test_weights_are_odds() -> None:
    accounts = [MailAccount("besar", Way("x"), 9), MailAccount("kecil", Way("y"), 1)]
    first = Counter(ranked(accounts, str(number))[0].id for number in range(4_000))
    assert 3_450 < first["besar"] < 3_750


def test_an_account_that_is_down_is_passed_over_and_not_asked_again_for_a_while() -> None:
    good, bad = Way("a"), Way("b", down=DOWN)
    accounts = book(good, bad)
    sender = messenger(accounts)
    for _round in range(3):
        assert {outcome.key for outcome in sender.send(mails(20))} == {f"m{number}" for number in range(20)}
    assert (len(good.seen), bad.seen, bad.opened) == (60, [], 1)
    assert ("b", "connection") in accounts.told
    assert good.opened == good.released == 3


def test_nobody_is_taken_when_every_account_is_down() -> None:
    waiting = iter(mails(3))
    sooner = TemporaryError("smtp_421", timedelta(minutes=1))
    sender = messenger(book(Way("a", down=DOWN), Way("b", down=sooner)))
    with pytest.raises(TemporaryError, match="smtp_421") as raised:
        list(sender.send(Load("tts", EmailType.PROMOTIONAL, waiting)))
    assert raised.value.retry_after == timedelta(minutes=1)
    assert len(list(waiting)) == 3


def test_a_changed_account_gets_a_new_chance_at_once() -> None:
    accounts = book(Way("a", down=DOWN))
    sender = messenger(accounts)
    with pytest.raises(TemporaryError):
        list(sender.send(mails(1)))
    accounts.accounts = [replace(accounts.accounts[0], provider=Way("a"))]
    assert list(sender.send(mails(1))) == [Accepted("m0", "a")]


def test_a_failed_account_is_asked_again_after_its_rest() -> None:
    way, now = Way("a", down=DOWN), [NOW]
    sender = EmailMessenger(book(way), lambda: now[0])
    for _try in range(2):
        with pytest.raises(TemporaryError):
            list(sender.send(mails(1)))
    assert way.opened == 1
    now[0] += LONGEST_REST
    way.down = None
    assert list(sender.send(mails(1))) == [Accepted("m0", "a")]


def test_one_that_fails_again_and_again_rests_longer_each_time() -> None:
    way, now = Way("a", down=DOWN), [NOW]
    sender = EmailMessenger(book(way), lambda: now[0])
    rests = []
    for tries in range(1, 8):
        while way.opened < tries:
            now[0] += timedelta(seconds=30)
            with pytest.raises(TemporaryError):
                list(sender.send(mails(1)))
        rests.append(now[0])
    gaps = [later - sooner for sooner, later in pairwise(rests)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (LONGEST_REST, HOPELESS_REST)


def test_more_is_in_hand_only_where_every_account_allows_it() -> None:
    one, other = MailAccount("a", Way("a"), in_hand=500), MailAccount("b", Way("b"))
    assert messenger(Book([one])).in_hand("tts", EmailType.PROMOTIONAL) == 500
    assert messenger(Book([one, other])).in_hand("tts", EmailType.PROMOTIONAL) == IN_HAND
    assert messenger(Book([one])).in_hand("lain", EmailType.PROMOTIONAL) == IN_HAND


def test_one_that_breaks_half_way_leaves_the_rest_to_the_others() -> None:
    first, second = Way("a", last=3), Way("b")
    outcomes = list(messenger(book(first, second)).send(mails(20)))
    assert len(outcomes) == len({outcome.key for outcome in outcomes}) == 20
    assert (len(first.seen), len(second.seen)) == (3, 17)


def test_what_was_gathered_is_answered_even_when_the_account_takes_no_more() -> None:
    waiting = iter(mails(5))
    found: list[SendOutcome] = []
    with pytest.raises(TemporaryError):
        found.extend(messenger(book(Way("a", last=2, gathers=True))).send(Load("tts", EmailType.PROMOTIONAL, waiting)))
    assert [outcome.key for outcome in found] == ["m0", "m1"]
    assert len(list(waiting)) == 3


def test_an_office_without_an_account_takes_nothing() -> None:
    with pytest.raises(TemporaryError, match="no_account"):
        list(messenger(book(Way("a"))).send([replace(MAIL, tenant="lain")]))
    outcome = send_one(messenger(book(Way("a"))), replace(MAIL, tenant="lain"))
    assert outcome == Deferred(MAIL.key, "no_account", timedelta(minutes=15), counted=False)


def test_a_used_up_account_leaves_the_rest_to_the_others_and_the_last_takes_nothing_more() -> None:
    rate = AccountRates("a", Rate(per_day=2))
    assert len(list(messenger(book(Way("a"), Way("b"), a=rate)).send(mails(20)))) == 20
    alone = Way("a")
    waiting = iter(mails(10))
    found: list[SendOutcome] = []
    sender = messenger(book(alone, a=rate))
    with pytest.raises(TemporaryError, match="rate") as raised:
        found.extend(sender.send(Load("tts", EmailType.PROMOTIONAL, waiting)))
    assert alone.seen == ["m0", "m1"]
    assert [outcome.key for outcome in found] == ["m0", "m1"]
    assert timedelta(0) < raised.value.retry_after <= timedelta(days=2)
    assert len(list(waiting)) == 8, "nobody is taken who cannot leave"


def test_a_used_up_domain_defers_its_people_alone_and_was_no_attempt() -> None:
    way = Way("a")
    rate = AccountRates("a", by_domain={"gmail.com": Rate(per_hour=1)})
    batch = [mail(f"m{number}", recipient_address=f"m{number}@GMail.com") for number in range(3)] + [mail("x")]
    outcomes = {outcome.key: outcome for outcome in messenger(book(way, a=rate)).send(batch)}
    assert way.seen == ["m0", "x"]
    for key in ("m1", "m2"):
        found = outcomes[key]
        assert isinstance(found, Deferred)
        assert (found.reason, found.counted) == ("rate", False)


def test_mails_of_several_offices_and_types_each_find_their_way() -> None:
    way = Way("a")
    batch = [mail("1"), mail("2", email_type=EmailType.TRANSACTIONAL), mail("3")]
    assert [outcome.key for outcome in messenger(book(way)).send(batch)] == ["1", "2", "3"]


def test_one_bad_message_leaves_the_rest_alone() -> None:
    class Picky(Way):
        def flush(self) -> Sequence[SendOutcome]:
            return [Failed(one.key, "bad_message", "subject") if one.key == "2" else one for one in super().flush()]

    batch = [mail("1"), mail("2", subject="a\r\nBcc: x@evil.example"), mail("3")]
    assert list(messenger(book(Picky("a"))).send(batch)) == [
        Accepted("1", "a"),
        Failed("2", "bad_message", "subject"),
        Accepted("3", "a"),
    ]
