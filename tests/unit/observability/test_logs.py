"""What is logged, and where: redacted, one JSON line each, and quiet where libraries talk of every request."""

import json
import subprocess
import sys

PROGRAM = """
import logging, sys
from marketing.observability import configure_logging, get_logger
log = get_logger("uji")
if sys.argv[1:]:
    configure_logging(sys.argv[1])
log.info("range", accepted=3)
logging.getLogger("httpx").info('HTTP Request: POST https://relai.example/ "HTTP/1.1 200 OK"')
log.warning("surel ani@contoh.example 081234567890", url="redis://:rahasia@antrean/0")
"""


def lines(*arguments: str) -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout == "", "standard output belongs to what a command was asked for"
    for secret in ("ani@", "0812", "rahasia"):
        assert secret not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_process_that_logs_says_what_it_did_and_its_libraries_do_not() -> None:
    first, second = lines("INFO")
    assert (first["event"], first["accepted"], first["level"]) == ("range", 3, "info")
    assert second["level"] == "warning"
    assert first["timestamp"].endswith("Z")


def test_a_command_that_never_spoke_of_logs_tells_warnings_only() -> None:
    (only,) = lines()
    assert only["level"] == "warning"


def test_at_debug_requests_may_be_looked_at_no_more_than_before() -> None:
    assert [line["level"] for line in lines("DEBUG")] == ["info", "warning"]
