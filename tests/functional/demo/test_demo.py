"""The main job end to end: what `siar demo --once --json` promises, on both ways of running."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from marketing.sample.generator import generate
from tests.support.demo import Played, Site

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]  # one demo serves all of these
TENANTS = ("tts", "blitar")
TYPES = {"promotional", "transactional", "newsletter", "retention", "personalised"}
PEOPLE = {"tts": {"P": 200, "items": 60}, "blitar": {"P": 120, "items": 40}}


def ledgers(result: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(tenant, kind): row for tenant, found in result["tenants"].items() for kind, row in found["emails"].items()}


def check(played: Played) -> None:
    result = played.result
    assert set(result["tenants"]) == set(TENANTS)
    for (tenant, kind), row in ledgers(result).items():
        assert kind in TYPES
        assert row["audience"] == row["accepted"] + sum(row["skipped"].values()) + row["failed"] + row["unknown"], (
            tenant,
            kind,
        )
        assert row["accepted"] > 0, (tenant, kind)
        assert row["failed"] == row["unknown"] == 0, (tenant, kind)
    for tenant, found in result["tenants"].items():
        products = found["products"]
        assert products["total"] >= PEOPLE[tenant]["P"]
        assert 0.6 < products["promotable"] / products["total"] < 0.85
        assert found["feed"]["items"] == products["promotable"]
        assert set(found["posts"]) == {
            "website",
            "facebook",
            "instagram",
            "tiktok",
            "whatsapp",
            "telegram",
            "marketplace",
        }
        assert found["engagement"]["clicks"] > 0
        assert found["engagement"]["unsubscribes"] == 1


def test_the_embedded_way_keeps_every_promise(embedded: Played) -> None:
    check(embedded)


@pytest.mark.postgres
@pytest.mark.redis
def test_postgresql_and_redis_give_the_same_numbers(embedded: Played, production: Played) -> None:
    check(production)
    for tenant in TENANTS:
        one, other = embedded.result["tenants"][tenant], production.result["tenants"][tenant]
        assert one["products"]["total"] == other["products"]["total"]
        assert one["products"]["promotable"] == other["products"]["promotable"] - 1, "one was revoked for the rehearsal"
        assert set(one["posts"]) == set(other["posts"])
        for kind in ("promotional", "newsletter", "retention", "personalised"):
            assert one["emails"][kind] == other["emails"][kind], (tenant, kind)


def test_a_second_run_in_the_same_folder_adds_no_product_post_or_mail(embedded: Played, site: Site) -> None:
    assert site.mails == embedded.mails
    for tenant in TENANTS:
        one, other = embedded.result["tenants"][tenant], site.result["tenants"][tenant]
        assert {name: one[name] for name in ("products", "posts", "emails")} == {
            name: other[name] for name in ("products", "posts", "emails")
        }


def test_what_is_held_is_exactly_what_the_generator_broke(embedded: Played, tmp_path: Path) -> None:
    for tenant in TENANTS:
        place = json.loads((embedded.folder / "contoh" / tenant / "letak.json").read_text("utf-8"))
        manifest = generate(
            tenant,
            seed=7,
            anchor=datetime.fromisoformat(place["anchor"]),
            base_url=f"http://127.0.0.1:{place['port']}",
            out=tmp_path / tenant,
        )
        planned = Counter(code for codes in manifest.unfit.values() for code in set(codes))
        held = embedded.result["tenants"][tenant]["products"]["held"]
        assert set(planned) <= set(held)
        assert all(held[code] >= number for code, number in planned.items())


def test_every_accepted_mail_arrived_once_and_no_other(embedded: Played) -> None:
    accepted = sum(row["accepted"] for row in ledgers(embedded.result).values())
    files = list((embedded.folder / "kotak-surat").glob("*.eml"))
    assert len(files) == accepted
    assert [path.name for path in files if path.name.count(".") > 1] == []


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_feeds_parse_and_hold_what_the_law_asks(embedded: Played, tenant: str) -> None:
    folder = Path(embedded.result["tenants"][tenant]["feed"]["path"]).parent
    rss, atom = feedparser.parse(str(folder / "rss.xml")), feedparser.parse(str(folder / "atom.xml"))
    entries = json.loads((folder / "feed.json").read_text("utf-8"))["items"]
    assert not rss.bozo
    assert not atom.bozo
    assert len(rss.entries) == len(atom.entries) == len(entries) == embedded.result["tenants"][tenant]["feed"]["items"]
    for entry in rss.entries:
        assert entry.title
        assert "Rp" in entry.summary
        assert entry.link.startswith("http")
    assert "<script" not in (folder / "rss.xml").read_text("utf-8").casefold()
