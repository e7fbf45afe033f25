"""What servers have really sent back: the corpus of flufl.bounce (Apache-2.0, tests/support/bounces/README.md)."""

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from flufl.bounce import all_failures

from marketing.channels.email.inbound.reading import read_inbound
from marketing.domain.bounce import BounceClass
from tests import support

CORPUS = Path(support.__file__).parent / "bounces" / "flufl-bounce-6.0.0.zip"


def _mails() -> Iterator[tuple[str, bytes]]:
    with ZipFile(CORPUS) as archive:
        for name in archive.namelist():
            if name.endswith(".txt"):
                yield name, archive.read(name)


MAILS = dict(_mails())


def test_the_corpus_is_whole() -> None:
    assert len(MAILS) == 117


@pytest.mark.parametrize("name", MAILS)
def test_nobody_is_missed_whom_the_library_finds(name: str) -> None:
    temporary, permanent = all_failures(message_from_bytes(MAILS[name]))
    read = read_inbound(MAILS[name])
    found = {(failure.address.encode(), failure.permanent) for failure in read.failures}
    assert {(one, False) for one in temporary} | {(one, True) for one in permanent} <= found


@pytest.mark.parametrize("name", [name for name, raw in MAILS.items() if b"Status: 4." in raw])
def test_a_temporary_fault_suppresses_nobody(name: str) -> None:
    failures = read_inbound(MAILS[name]).failures
    assert failures
    assert {failure.verdict.bounce for failure in failures} == {BounceClass.SOFT}


def test_none_of_them_is_about_a_message_of_ours() -> None:
    for raw in MAILS.values():
        read = read_inbound(raw)
        assert (read.references, read.unsubscribe_tokens) == ((), ())


def test_what_is_kept_of_their_words_names_nobody() -> None:
    for raw in MAILS.values():
        assert not any("@" in failure.text for failure in read_inbound(raw).failures)
