"""What the DNS says of a sending domain, read from a real name server and judged."""

from collections.abc import Callable

import pytest
from checkdmarc.utils import DNS_CACHE

from marketing.channels.email.dkim import DkimKey, txt_strings
from marketing.channels.email.dns_facts import DnsFacts, resolver_of, same_organisation
from marketing.domain.mail_auth import Check, DomainFacts, Finding, Level, judge, spf_record
from tests.support.dns_server import Zone, name_server

DOMAIN = "kabar.ttskab.example"
KEY = DkimKey.new(DOMAIN, "siar1")
QUOTED = " ".join(f'"{text}"' for text in txt_strings(KEY.record))
SOUND: dict[tuple[str, str], tuple[str, ...]] = {
    (DOMAIN, "TXT"): ('"v=spf1 ip4:192.0.2.10 include:_spf.relai.example -all"',),
    ("_spf.relai.example", "TXT"): ('"v=spf1 ip4:198.51.100.0/24 ~all"',),
    (DOMAIN, "MX"): ("10 mx.ttskab.example.",),
    ("mx.ttskab.example", "A"): ("192.0.2.20",),
    (KEY.record_name, "TXT"): (QUOTED,),
    (f"_dmarc.{DOMAIN}", "TXT"): ('"v=DMARC1; p=quarantine; rua=mailto:dmarc@kabar.ttskab.example"',),
    ("10.2.0.192.in-addr.arpa", "PTR"): ("keluar.ttskab.example.",),
    ("keluar.ttskab.example", "A"): ("192.0.2.10",),
}
Examine = Callable[[Zone], dict[Check, list[Finding]]]


@pytest.fixture
def examine() -> Examine:
    def run(zone: Zone) -> dict[Check, list[Finding]]:
        DNS_CACHE.clear()
        with name_server(zone) as address:
            dns = DnsFacts(resolver_of(address))
            facts = DomainFacts(
                domain=DOMAIN,
                envelope_domain=DOMAIN,
                spf=dns.spf(DOMAIN, ["192.0.2.10", "198.51.100.7"]),
                dkim=(dns.dkim(KEY.record_name, KEY.record),),
                dmarc=dns.dmarc(DOMAIN),
                mx=dns.mx(DOMAIN),
                same_organisation=same_organisation(DOMAIN, DOMAIN),
                includes=("_spf.relai.example",),
                postmaster="dmarc@kabar.ttskab.example",
                ptr=(dns.ptr("192.0.2.10"),),
            )
        found: dict[Check, list[Finding]] = {}
        for finding in judge(facts):
            found.setdefault(finding.check, []).append(finding)
        return found

    return run


def without(*keys: tuple[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {key: value for key, value in SOUND.items() if key not in keys}


def test_a_domain_in_order_passes_every_check(examine: Examine) -> None:
    found = examine(SOUND)
    assert {check: [one.level for one in ends] for check, ends in found.items()} == {
        check: [Level.GOOD] for check in (Check.SPF, Check.DKIM, Check.DMARC, Check.ALIGNMENT, Check.MX, Check.PTR)
    }


def test_what_is_missing_is_named_with_the_record_to_publish(examine: Examine) -> None:
    found = examine({("mx.lain.example", "A"): ("192.0.2.1",)})
    for check in (Check.SPF, Check.DKIM, Check.DMARC):
        assert found[check][0].level is Level.BAD
        assert found[check][0].publish is not None
    assert found[Check.ALIGNMENT][0].level is Level.BAD
    assert found[Check.MX][0].level is Level.BAD
    spf, dkim, dmarc = (found[check][0].publish for check in (Check.SPF, Check.DKIM, Check.DMARC))
    assert spf is not None
    assert dkim is not None
    assert dmarc is not None
    repaired = SOUND | {
        (spf.name, "TXT"): (f'"{spf.value}"',),
        (dkim.name, "TXT"): (" ".join(f'"{text}"' for text in txt_strings(dkim.value)),),
        (dmarc.name, "TXT"): (f'"{dmarc.value}"',),
    }
    again = examine(repaired)
    assert [again[check][0].level for check in (Check.SPF, Check.DKIM, Check.DMARC)] == [Level.GOOD] * 3


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        ({(DOMAIN, "TXT"): ('"v=spf1 ip4:203.0.113.1 -all"',)}, Check.SPF, Level.BAD),
        ({(DOMAIN, "TXT"): ('"v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 +all"',)}, Check.SPF, Level.BAD),
        ({(DOMAIN, "TXT"): ('"v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 ?all"',)}, Check.SPF, Level.WARN),
        ({(DOMAIN, "TXT"): ('"v=spf1 -ip4:192.0.2.10 ip4:192.0.2.0/24 -all"',)}, Check.SPF, Level.BAD),
        ({(DOMAIN, "TXT"): ('"v=spf1 a:"', '"v=spf1 -all"')}, Check.SPF, Level.BAD),
        ({(KEY.record_name, "TXT"): ('"v=DKIM1; k=rsa; p="',)}, Check.DKIM, Level.BAD),
        (
            {(f"_dmarc.{DOMAIN}", "TXT"): ('"v=DMARC1; p=none; pct=50; rua=mailto:a@kabar.ttskab.example"',)},
            Check.DMARC,
            Level.WARN,
        ),
        ({(f"_dmarc.{DOMAIN}", "TXT"): ('"v=DMARC1; p=reject"',)}, Check.DMARC, Level.WARN),
        ({(f"_dmarc.{DOMAIN}", "TXT"): ('"v=DMARC1; rua=mailto:"',)}, Check.DMARC, Level.BAD),
        ({(DOMAIN, "MX"): ("0 .",)}, Check.MX, Level.BAD),
        ({("keluar.ttskab.example", "A"): ("192.0.2.99",)}, Check.PTR, Level.BAD),
    ],
)
def test_each_fault_is_found(examine: Examine, changed: Zone, check: Check, level: Level) -> None:
    assert examine(SOUND | dict(changed))[check][0].level is level


def test_another_key_under_our_selector_is_found(examine: Examine) -> None:
    other = " ".join(f'"{text}"' for text in txt_strings(DkimKey.new(DOMAIN, "siar1").record))
    found = examine(SOUND | {(KEY.record_name, "TXT"): (other,)})
    assert found[Check.DKIM][0].level is Level.BAD


def test_a_policy_of_the_organisation_counts_for_its_subdomain(examine: Examine) -> None:
    zone = without((f"_dmarc.{DOMAIN}", "TXT")) | {
        ("_dmarc.ttskab.example", "TXT"): ('"v=DMARC1; p=reject; rua=mailto:dmarc@ttskab.example"',)
    }
    found = examine(zone)[Check.DMARC][0]
    assert (found.level, found.subject) == (Level.GOOD, "ttskab.example")


def test_a_name_server_that_is_not_there_leaves_everything_unknown() -> None:
    DNS_CACHE.clear()
    resolver = resolver_of("127.0.0.1:9")
    resolver.lifetime = 0.3
    dns = DnsFacts(resolver)
    assert (dns.spf(DOMAIN, []), dns.dmarc(DOMAIN), dns.mx(DOMAIN)) == (None, None, None)


def test_a_record_is_written_for_addresses_and_providers() -> None:
    assert spf_record(["sendgrid.net"], ["192.0.2.1", "2001:db8::1"]) == (
        "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:sendgrid.net -all"
    )
