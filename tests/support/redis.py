"""A real Redis server on a free loopback port with a password, for the production way of running."""

import secrets
import shutil
import subprocess
from pathlib import Path

from marketing.installation import connects, free_port
from marketing.supervisor import wait_until


class RedisServer:
    """Debian's redis-server where it is installed."""

    def __init__(self, folder: Path) -> None:
        port, password = free_port(), secrets.token_hex(8)
        program = shutil.which("redis-server")
        assert program is not None
        command = [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            password,
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: connects("127.0.0.1", port), "redis", self._process)
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    @staticmethod
    def available() -> bool:
        return shutil.which("redis-server") is not None
