"""The command line speaks the language that is set: its help, its answers and its refusals."""

import pytest

from tests.functional.cli.conftest import Siar


@pytest.mark.parametrize(
    ("language", "said", "helped"),
    [
        ("en", "siar: The Daerah “nope” is not known. Available: ", "Pull a catalogue"),
        ("id", "siar: Daerah “nope” tidak dikenal. Yang tersedia: ", "Ambil katalog"),
    ],
)
def test_it_speaks_the_language_that_is_set(siar: Siar, language: str, said: str, helped: str) -> None:
    refused = siar("sync", "--tenant", "nope", SIAR_LANG=language)
    assert refused.code == 1
    assert refused.err.startswith(said), refused.err
    assert helped in siar("--help", SIAR_LANG=language).out


def test_a_command_that_cannot_be_read_is_one_sentence(siar: Siar) -> None:
    refused = siar("sync", SIAR_LANG="en")
    assert refused.code == 2
    assert refused.err == "siar: This command cannot be read: Missing option '--tenant'. See `siar --help`.\n"
