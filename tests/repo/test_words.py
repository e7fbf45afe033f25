"""Nothing in the repository points to a developer's machine, to a private index, or to a real person's mailbox."""

import re

from tests.repo.conftest import ROOT, Files

TEXT = (
    ".py",
    ".html",
    ".css",
    ".mjs",
    ".mjml",
    ".toml",
    ".sh",
    ".txt",
    ".in",
    ".md",
    ".po",
    ".yml",
    ".yaml",
    ".json",
    ".svg",
)
CODE = (".py", ".html", ".mjs", ".mjml", ".toml", ".txt", ".po")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w+")
REGISTRY = re.compile(
    r"(?i)--(?:extra-)?index-url|--find-links|--trusted-host|\bregistry\.[\w-]+\.(?:com|org|io|net|id|dev|internal|local)\b|(?:artifactory|nexus|devpi)[\w.-]*\.\w+"
)
MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
ALLOWED_MAIL = re.compile(r"(?i)(?:\.|@)(?:example|test|invalid|localhost|local)$|@example\.(?:com|org|net)$")
LOCKED = re.compile(r"[\w.\[\],-]+==[\w.!+]+(?: ; [^\\]+?)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?|\s*#.*|")
THIS = ROOT / "tests" / "repo" / "test_words.py"


def offending(files: Files, pattern: re.Pattern[str], suffixes: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {found}"
        for path in files(suffixes=suffixes)
        if path != THIS
        for found in pattern.findall(path.read_text("utf-8"))
    ]


def test_no_path_of_a_developers_machine(files: Files) -> None:
    assert offending(files, MACHINE, TEXT) == []


def test_no_package_index_but_the_public_one(files: Files) -> None:
    assert offending(files, REGISTRY, TEXT) == []


def test_no_mailbox_that_could_be_somebodys(files: Files) -> None:
    found = offending(files, MAIL, CODE)
    assert [line for line in found if not ALLOWED_MAIL.search(line)] == []


def test_lock_files_hold_names_versions_and_hashes_only() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert locks
    for lock in locks:
        text = lock.read_text("utf-8")
        wrong = [line for line in text.splitlines() if not LOCKED.fullmatch(line.rstrip())]
        assert wrong == [], lock.name
        assert "://" not in text, lock.name
        assert "==" in text
        pinned, hashed = (
            len(re.findall(r"^[\w.\[\],-]+==", text, re.MULTILINE)),
            len(re.findall(r" \\\n    --hash", text)),
        )
        assert hashed >= pinned, lock.name
