"""Our calls to the Graph API against Meta's own description of its nodes (facebook-business-sdk-codegen), where it lies at hand."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from marketing.channels.measuring import Measured, Measures
from marketing.demo.simulators.graph import INSTAGRAM, PAGE, GraphServer, fields_of
from marketing.demo.simulators.server import Asked
from tests.conformance.social_suite import BENCHES

SPECS = Path(os.environ.get("SIAR_SPECS", "")) / "graph"
OF_EVERY_CALL: Final = {"access_token", "appsecret_proof", "fields", "limit", "after"}
"""Of the Graph API itself (using-graph-api, paging); the description lists only what is a node's own."""
LISTED: Final = {"metric"}
"""Lists of names, which the reference pages write with commas between them (reference/insights)."""
UPLOADED: Final = {"source"}  # a file part of Page photos: in the reference page, not in the description
TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "bool": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "unsigned int": lambda value: isinstance(value, str) and value.isdecimal(),
    "list<Object>": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
    "list<string>": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
}

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="SIAR_SPECS names no folder with Meta's description")


def described(node: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SPECS / f"{node}.json").read_text("utf-8"))
    return found


def node_of(number: str) -> str:
    if number in {PAGE, INSTAGRAM}:
        return "Page" if number == PAGE else "IGUser"
    if number.startswith("178"):
        return "IGMedia"
    return "PagePost" if "_" in number else "Photo"


def calls(tmp_path: Path) -> Iterator[Asked]:
    """Live whole lives on both, and yield every call that was made."""
    for provider in ("facebook", "instagram"):
        with BENCHES[provider](tmp_path) as bench:
            assert isinstance(bench.server, GraphServer)
            bench.server.instagram.may_delete = True
            for pictures in (1, 3) if provider == "instagram" else (0, 1, 3):
                outcome = bench.publish(bench.post(pictures=pictures))
                bench.publisher.find(bench.post(pictures=pictures), bench.note)
                bench.publisher.poll(bench.post(), outcome.handle)
                assert isinstance(bench.publisher, Measures)
                assert isinstance(bench.publisher.measure(outcome.handle, outcome.permalink), Measured)
                assert [bench.publisher.withdraw(outcome.handle) for _time in range(2)] == [True, True]
            bench.door.check(bench.access, bench.server.now)
            yield from bench.server.asked


def misfits(asked: Asked) -> Iterator[str]:
    _root, _version, number, *edges = asked.path.split("/")
    if number.startswith("179"):
        return  # an Instagram container: the description has no such node
    node, edge = described(node_of(number)), "/".join(edges)
    apis = [api for api in node["apis"] if (api["method"], api.get("endpoint", "").strip("/")) == (asked.method, edge)]
    if not apis:
        yield f"{asked.method} {node_of(number)}/{edge}"
        return
    params = {param["name"]: param["type"] for param in apis[0]["params"]}
    for name, value in fields_of(asked).items():
        if name in LISTED and params.get(name, "").startswith("list<"):
            if not re.fullmatch(r"[a-z_]+(,[a-z_]+)*", value):
                yield f"{asked.path} {name}={value}"
        elif name in params and not TYPES[params[name]](value):
            yield f"{asked.path} {name}: {params[name]}"
        if name not in params and name not in OF_EVERY_CALL:
            yield f"{asked.path} {name}"
    if set(asked.parts) - set(fields_of(asked)) - UPLOADED:
        yield f"{asked.path} {sorted(asked.parts)}"
    answered = {"Page": "PagePost", "IGUser": "IGMedia"}.get(node_of(number), "") if edge else node_of(number)
    if edge not in {"content_publishing_limit", "insights"}:
        # an edge may be asked for as a field, with what is wanted of it (using-graph-api, field expansion)
        known = {field["name"] for field in described(answered)["fields"]}
        known |= {api.get("endpoint", "").strip("/") for api in described(answered)["apis"] if api["method"] == "GET"}
        wanted = {name.partition(".")[0] for name in str(fields_of(asked).get("fields", "id")).split(",")}
        yield from (f"{asked.path} fields={name}" for name in wanted - known)


def test_every_call_uses_only_what_meta_describes(tmp_path: Path) -> None:
    asked = list(calls(tmp_path))
    assert len(asked) > 30
    assert sorted({misfit for one in asked for misfit in misfits(one)}) == []
    edges = {(one.method, one.path.split("/", 3)[-1].split("/")[-1]) for one in asked}
    assert {("POST", edge) for edge in ("feed", "photos", "media", "media_publish")} <= edges
    assert ("GET", "insights") in edges


def test_a_call_that_meta_does_not_know_is_found() -> None:
    def call(path: str, **query: str) -> list[str]:
        return list(misfits(Asked("POST", f"/v26.0/{PAGE}/{path}", tuple(query.items()), {}, b"")))

    assert call("feeds", message="a") == ["POST Page/feeds"]
    assert call("feed", messages="a") == [f"/v26.0/{PAGE}/feed messages"]
    assert call("feed", attached_media='["1"]') == [f"/v26.0/{PAGE}/feed attached_media: list<Object>"]
    assert call("feed", fields="permalink") == [f"/v26.0/{PAGE}/feed fields=permalink"]
