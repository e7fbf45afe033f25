"""Was it a person or a machine? Pure; machine hits are kept apart and never counted as engagement."""

from crawleruseragents import is_crawler

# Fetchers that known lists miss (law-and-standards 3.5): Gmail's instant pre-fetch and Office.
_FETCHERS = ("Chrome/42.0.2311.135 Safari/537.36 Edge/12.246", "ms-office", "GoogleImageProxy", "YahooMailProxy")


def is_machine(*, method: str, user_agent: str, purpose: str) -> bool:
    """Return whether a hit shows a strong sign of software.

    `purpose` is the value of Sec-Purpose or Purpose (prefetch, prerender); an empty or bare user agent is no browser.
    """
    agent = user_agent.strip()
    if method == "HEAD" or any(word in purpose.lower() for word in ("prefetch", "prerender", "preview")):
        return True
    if agent in {"", "Mozilla/5.0"} or any(mark.lower() in agent.lower() for mark in _FETCHERS):
        return True
    return bool(is_crawler(agent))
