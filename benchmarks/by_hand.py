"""The loop that people write by hand: `EmailMessage` and `smtplib` on one kept connection, over letters rendered before.

`python -m benchmarks.by_hand PORT LETTERS` sends what stands in the JSON file; nothing is recorded.
"""

import json
import smtplib
import subprocess
import sys
import time
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from marketing.domain.content import OutboundEmail

BASELINE = "EmailMessage and smtplib on a kept connection in as many processes, rendered before, nothing recorded"
Letter = dict[str, str]


def letter(email: OutboundEmail) -> Letter:
    """Return the parts of a finished e-mail."""
    return {
        "From": f"{email.sender_name} <{email.sender_address}>",
        "To": f"{email.recipient_name} <{email.recipient_address}>",
        "Subject": email.subject,
        "Message-ID": email.message_id,
        "List-Unsubscribe": f"<{email.unsubscribe_url}>",
        "text": email.text,
        "html": email.html,
    }


def send_by_hand(letters: Sequence[Letter], port: int, folder: Path, processes: int) -> float:
    """Send each letter once, shared out to so many processes; return the seconds from the first connection to the last answer."""
    waiting = []
    for number in range(processes):
        path = folder / f"by-hand-{number}.json"
        path.write_text(json.dumps(letters[number::processes]))
        command = [sys.executable, "-m", "benchmarks.by_hand", str(port), str(path)]
        waiting.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for one in waiting:
        assert one.stdout is not None
        one.stdout.readline()  # it has read its e-mails
    for one in waiting:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    ends = [[float(word) for word in one.communicate()[0].split()] for one in waiting]
    return max(end for _start, end in ends) - min(start for start, _end in ends)


def main(port: int, letters: Sequence[Letter]) -> None:
    """Wait for the word, send everything, and say when that began and ended."""
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for one in letters:
            connection.send_message(_written(one))
    print(started, time.monotonic())


def _written(one: Letter) -> EmailMessage:
    message = EmailMessage()
    for name, value in one.items():
        if name not in {"text", "html"}:
            message[name] = value
    message.set_content(one["text"])
    message.add_alternative(one["html"], subtype="html")
    return message


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
