"""Whether a reader already holds what an address would answer, before anything is made for the answer."""


def holds(condition: str, tag: str) -> bool:
    """Return whether If-None-Match names this tag, compared weakly (RFC 9110 section 13.1.2)."""
    known = {each.strip().removeprefix("W/") for each in condition.split(",")}
    return "*" in known or tag.removeprefix("W/") in known
