"""People and machines by what their request shows."""

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from marketing.engagement.classify import is_machine

PEOPLE = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
]
MACHINES = [
    "",
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "curl/8.5.0",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_people(agent: str) -> None:
    assert not is_machine(method="GET", user_agent=agent, purpose="")


@pytest.mark.parametrize("agent", MACHINES)
def test_machines_are_machines(agent: str) -> None:
    assert is_machine(method="GET", user_agent=agent, purpose="")


@pytest.mark.parametrize(
    ("method", "purpose"), [("HEAD", ""), ("GET", "prefetch"), ("GET", "prefetch;prerender"), ("GET", "Preview")]
)
def test_a_browser_that_only_looks_ahead_is_a_machine(method: str, purpose: str) -> None:
    assert is_machine(method=method, user_agent=PEOPLE[0], purpose=purpose)


def test_every_listed_crawler_is_a_machine() -> None:
    agents = [agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry.get("instances", [])]
    assert len(agents) > 1000
    assert [agent for agent in agents if not is_machine(method="GET", user_agent=agent, purpose="")] == []
