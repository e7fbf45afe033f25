"""A real IMAP server on a free loopback port: Debian's Dovecot, run by whoever runs the tests, TLS with a certificate of its own."""

import grp
import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from marketing.channels.email.inbound.imap import MailboxAddress
from marketing.installation import connects, free_port
from marketing.supervisor import wait_until

PASSWORD = 'rahasia "kotak"'


class Dovecot:
    """One mailbox, whose mails lie in memory as long as the test asks for them."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        key, self.certificate = folder / "key.pem", folder / "cert.pem"
        wanted = [
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=imap",
            "-addext",
            "subjectAltName=DNS:localhost",
        ]
        making = ["openssl", "req", "-x509", *wanted, "-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run(making, check=True, capture_output=True)
        user = pwd.getpwuid(os.getuid()).pw_name
        root = os.getuid() == 0
        login, internal = ("dovenull", "dovecot") if root else (user, user)
        owner = "mail" if root else user
        group = "mail" if root else grp.getgrgid(os.getgid()).gr_name
        mails = folder / "mails"
        mails.mkdir()
        if root:
            shutil.chown(mails, owner, group)
            for parent in (folder, *folder.parents):
                if parent.owner() == user and parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o111)
        passwords = folder / "users"
        passwords.write_text(f"pantul@dinas.example:{{PLAIN}}{PASSWORD}\n")
        passwords.chmod(0o644)
        config = folder / "dovecot.conf"
        config.write_text(f"""\
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{self.certificate}
ssl_key = <{key}
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {"dovecot" if root else group}
mail_location = maildir:{mails}/%n
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {passwords}
}}
userdb {{
  driver = static
  args = home={mails}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {self.port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
""")
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: connects("127.0.0.1", self.port), "dovecot", self._process)
        self.address = MailboxAddress("localhost", self.port, "implicit", "pantul@dinas.example", PASSWORD)

    @staticmethod
    def installed() -> bool:
        return (shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")) is not None

    def fill(self, mails: Sequence[bytes]) -> None:
        """Empty the mailbox and put these mails into it."""
        with self._in() as box:
            for folder in ("INBOX", "Siar"):
                if box.select(folder)[0] == "OK" and box.search(None, "ALL")[1] != [b""]:
                    box.store("1:*", "+FLAGS", r"(\Deleted)")
                    box.expunge()
            self._append(box, mails)

    def add(self, mails: Sequence[bytes]) -> None:
        with self._in() as box:
            self._append(box, mails)

    def count(self, folder: str) -> int:
        """Return how many mails lie in a folder; none where there is no such folder."""
        with self._in() as box:
            status, found = box.select(f'"{folder}"', readonly=True)
            return int(found[0] or 0) if status == "OK" else 0

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _append(self, box: imaplib.IMAP4_SSL, mails: Sequence[bytes]) -> None:
        for mail in mails:
            assert box.append("INBOX", "", "", mail)[0] == "OK"

    def _in(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context(cafile=self.certificate)
        box = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=10)
        box.login("pantul@dinas.example", PASSWORD)
        return box
