"""`siar doctor dns`, `siar dkim`, `siar warm-up`: from nothing published to mail that the world believes."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import dkim
from checkdmarc.utils import DNS_CACHE

from marketing.channels.email.dkim import DkimKey
from marketing.db.session import Database
from marketing.domain.sealing import Sealer
from marketing.mail.domains import KnownDomains
from marketing.settings import Settings
from tests.functional.cli.conftest import Siar
from tests.support.dns_server import name_server

DOMAIN = "kabar.ttskab.example"
OTHER = "notifikasi.ttskab.example"
Zone = dict[tuple[str, str], tuple[str, ...]]


def examined(siar: Siar, zone: Zone, *arguments: str, code: int) -> dict[str, Any]:
    DNS_CACHE.clear()
    with name_server(zone) as address:
        done = siar("doctor", "dns", "--tenant", "tts", "--name-server", address, "--json", *arguments)
    assert done.code == code, done.err
    return {one["domain"]: one for one in json.loads(done.out)}


def published(zone: Zone, found: dict[str, Any]) -> Zone:
    """Publish what the doctor told to publish."""
    records = [finding["publish"] for one in found.values() for finding in one["findings"] if finding["publish"]]
    texts = {(record["name"], "TXT"): (" ".join(_strings(record["value"])),) for record in records}
    return {**zone, **texts}


def _strings(value: str) -> list[str]:
    return [f'"{value[start : start + 255]}"' for start in range(0, len(value), 255)]


def test_what_the_doctor_prints_cures_what_it_finds(siar: Siar) -> None:
    zone: Zone = {(domain, "MX"): ("10 mx.ttskab.example.",) for domain in (DOMAIN, OTHER)}
    zone |= {("mx.ttskab.example", "A"): ("192.0.2.1",), ("9.2.0.192.in-addr.arpa", "PTR"): ("mx.ttskab.example.",)}
    zone[("mx.ttskab.example", "A")] = ("192.0.2.9",)
    sick = examined(siar, zone, "--ip", "192.0.2.9", code=1)
    assert {finding["check"] for finding in sick[DOMAIN]["findings"] if finding["level"] == "bad"} >= {"spf", "dmarc"}
    well = examined(siar, published(zone, sick), "--ip", "192.0.2.9", code=0)
    assert all(one["sound"] for one in well.values())


def test_a_key_signs_only_after_its_record_is_seen(siar: Siar) -> None:
    made = siar("dkim", "new", "--tenant", "tts")
    assert made.code == 0, made.err
    name, value = re.search(r"^(\S+)\. TXT (.+)$", made.out, re.MULTILINE).groups()  # type: ignore[union-attr]  # asserted by use
    assert "PRIVATE" not in made.out

    with name_server({("x.example", "A"): ("192.0.2.1",)}) as address:
        early = siar("dkim", "activate", "--tenant", "tts", "--name-server", address)
    assert name in early.sentence
    assert key_in_force() is None

    zone: Zone = {(name, "TXT"): (value,)}
    with name_server(zone) as address:
        assert siar("dkim", "activate", "--tenant", "tts", "--name-server", address).code == 0
    key = key_in_force()
    assert key is not None
    assert key.record_name == name
    record = "".join(re.findall(r'"([^"]*)"', value)).encode()
    signed = key.sign(f"From: a@{DOMAIN}\r\nSubject: x\r\n\r\nHalo\r\n".encode(), now=datetime.now(UTC))
    assert dkim.verify(signed, dnsfunc=lambda _name, timeout=5: record)

    newer = siar("dkim", "new", "--tenant", "tts")
    assert newer.code == 0
    still = key_in_force()
    assert still is not None
    assert still.selector == key.selector, "the new key must not sign before it is published"


def key_in_force() -> DkimKey | None:
    settings = Settings()
    database = Database(settings.database)
    try:
        return KnownDomains(database, Sealer((settings.signing_key,))).key_of("tts", DOMAIN)
    finally:
        database.close()


def test_a_key_is_made_only_for_a_domain_of_the_office(siar: Siar) -> None:
    assert DOMAIN in siar("dkim", "new", "--tenant", "tts", "--domain", "gmail.com").sentence


def test_a_warm_up_begins_small_and_can_be_lifted(siar: Siar) -> None:
    assert siar("warm-up", "start", "--tenant", "tts").code == 0
    lines = siar("warm-up", "show", "--tenant", "tts").out.strip().splitlines()
    assert len(lines) == 21
    assert ": 20 " in lines[0]
    assert siar("warm-up", "stop", "--tenant", "tts").code == 0
    assert len(siar("warm-up", "show", "--tenant", "tts").out.strip().splitlines()) == 1


def test_a_name_server_that_is_none_is_refused_in_words(siar: Siar) -> None:
    assert "bukan-alamat" in siar("doctor", "dns", "--tenant", "tts", "--name-server", "bukan-alamat").sentence
