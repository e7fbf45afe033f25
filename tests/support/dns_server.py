"""A real name server on the loopback: answers what its zone says, by UDP."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], tuple[str, ...]]
"""Answers as a zone file writes them, by (name, type)."""


@contextmanager
def name_server(zone: Zone) -> Iterator[str]:
    """Serve a zone; yields `address:port`. What it does not hold does not exist."""
    place = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    place.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_serve, args=(place, zone), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{place.getsockname()[1]}"
    finally:
        place.sendto(b"", place.getsockname())
        thread.join(5)
        place.close()


def _serve(place: socket.socket, zone: Zone) -> None:
    while True:
        wire, asker = place.recvfrom(4096)
        if not wire:
            return
        place.sendto(_answer(wire, zone), asker)


def _answer(wire: bytes, zone: Zone) -> bytes:
    query = dns.message.from_wire(wire)
    question = query.question[0]
    name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
    response = dns.message.make_response(query)
    response.flags |= dns.flags.RA
    answers = zone.get((name, kind), ())
    if answers:
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *answers))
    elif not any(name == known or known.endswith(f".{name}") for known, _kind in zone):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()
