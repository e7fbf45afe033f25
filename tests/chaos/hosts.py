"""Hosts of their own for workers: network namespaces on one bridge, so that each connects from an address of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.rig import is_root

NETWORK = "10.203.77"
BRIDGE = "siarchaos0"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where the servers listen, and the namespaces of the workers (empty ones: processes of this host)."""

    servers: str
    namespaces: tuple[str, ...]


def why_not() -> str:
    """Return why network namespaces cannot be had here; empty when they can."""
    if not is_root():
        return "network namespaces need root"
    try:
        _ip("netns", "add", "siarchaos-probe")
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespaces here ({error})"
    _ip("netns", "delete", "siarchaos-probe")
    return ""


@contextmanager
def hosts(number: int) -> Iterator[Hosts]:
    """Make so many hosts on one bridge, and take everything away at the end."""
    names = tuple(f"siarchaos{one}" for one in range(1, number + 1))
    _clear(names)
    try:
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("address", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        for position, name in enumerate(names):
            here, there = f"sc{position}a", f"sc{position}b"
            _ip("netns", "add", name)
            _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
            _ip("link", "set", here, "master", BRIDGE, "up")
            _ip("-n", name, "address", "add", f"{NETWORK}.{position + 11}/24", "dev", there)
            _ip("-n", name, "link", "set", there, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield Hosts(f"{NETWORK}.1", names)
    finally:
        _clear(names)


def _clear(names: tuple[str, ...]) -> None:
    for words in (*(("netns", "delete", name) for name in names), ("link", "delete", BRIDGE)):
        subprocess.run(["ip", *words], check=False, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
