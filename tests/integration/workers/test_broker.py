"""The embedded broker: one server at a time, also after the process that watches over it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis, RedisError

from marketing.settings import Settings
from marketing.supervisor import wait_until


def started(folder: Path) -> tuple["subprocess.Popen[bytes]", Redis]:
    command = [sys.executable, "-m", "marketing.cli", "broker"]
    process = subprocess.Popen(command, env={**os.environ, "SIAR_DATA_DIR": str(folder)})
    client = Redis(unix_socket_path=str(Settings(data_dir=folder).broker_socket), socket_timeout=5)
    wait_until(lambda: answers(client), "broker", process)
    return process, client


def answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def test_a_killed_broker_leaves_no_server_behind_that_workers_would_go_on_listening_to(tmp_path: Path) -> None:
    killed, worker = started(tmp_path)
    first = worker.info("server")["process_id"]
    killed.kill()
    killed.wait()
    assert answers(worker), "its server goes on alone"
    command = [sys.executable, "-m", "marketing.cli", "broker"]
    process = subprocess.Popen(command, env={**os.environ, "SIAR_DATA_DIR": str(tmp_path)})
    try:
        wait_until(lambda: answers(worker) and worker.info("server")["process_id"] != first, "broker", process)
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
    worker.close()
    assert process.returncode == 0
