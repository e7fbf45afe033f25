"""What networks tell of accounts through HTTP, and what a lost account stops and does not stop; on both engines."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketing.channels.tiktok.webhook import HEADER
from marketing.db.models import Exposure, Post, ProviderEvent, ShareTask
from marketing.demo.simulators import graph, tiktok
from marketing.demo.simulators.consent import signed_request
from marketing.domain.account import AccountState
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from tests.functional.web.letting_in import TIKTOK, agreed, connected_meta, connected_telegram
from tests.functional.web.visits import Enter, Visit
from tests.support.networks import Networks, networks_of
from tests.support.world import World


@pytest.fixture
def office(world: World) -> Iterator[Networks]:
    with networks_of(world) as found:
        yield found


def event(office: Networks, name: str, content: dict[str, Any], open_id: str = tiktok.OPEN_ID) -> bytes:
    stamp = int(office.world.clock().timestamp())
    body = {"client_key": tiktok.CLIENT_KEY, "event": name, "create_time": stamp, "user_openid": open_id}
    return json.dumps({**body, "content": json.dumps(content)}).encode()


def told(visit: Visit, office: Networks, body: bytes, at: timedelta = timedelta()) -> int:
    """Bring TikTok's event, as it is signed at a time."""
    header = {HEADER: office.tiktok.signed(body, office.world.clock() + at)}
    return int(visit.client.post("/webhook/tiktok", content=body, headers=header).status_code)


def kept(office: Networks) -> list[ProviderEvent]:
    with office.world.app.database.read() as session:
        return list(session.scalars(select(ProviderEvent)))


def draft(office: Networks, publish_id: str) -> None:
    """Let a post stand as a draft that waits for the person with the phone."""
    campaign = office.started(ChannelName.TIKTOK)
    with office.world.app.database.write() as session:
        post = session.scalars(select(Post).where(Post.campaign_id == campaign)).one()
        post.state, post.handle = PostState.AWAITING_HUMAN, publish_id
        now = office.world.clock()
        task = {"tenant_id": post.tenant_id, "post_id": post.id, "kind": "share", "instruction": "Posting."}
        session.add(ShareTask(**task, created_at=now))


def waits(office: Networks) -> bool:
    with office.world.app.database.read() as session:
        return session.scalars(select(ShareTask).where(ShareTask.done_at.is_(None))).first() is not None


def test_a_removed_leave_stops_that_account_alone_and_comes_twice_as_one(office: Networks, enter: Enter) -> None:
    visit, network = enter(Role.OPERATOR), enter(signed_in=False)
    visit.get(agreed(visit, TIKTOK))
    connected_telegram(visit)
    office.tiktok.revoke()
    (_signature, body) = office.tiktok.webhooks[-1]
    for _time in range(3):
        assert told(network, office, body) == 200
    assert {one: row.state for one, row in office.accounts().items()} == {
        "tiktok": AccountState.RECONNECT,
        "telegram": AccountState.ACTIVE,
    }
    assert "Izin Siar dicabut di aplikasi TikTok" in visit.page("/beranda")
    assert len(kept(office)) == 1
    visit.get(agreed(visit, TIKTOK))
    assert told(network, office, body) == 200, "brought once more after it was mended"
    assert office.accounts()["tiktok"].state is AccountState.ACTIVE


def test_an_event_that_is_not_genuine_or_not_fresh_changes_nothing(office: Networks, enter: Enter) -> None:
    visit, network = enter(Role.OPERATOR), enter(signed_in=False)
    visit.get(agreed(visit, TIKTOK))
    body = event(office, "authorization.removed", {"reason": 1})
    signed = {HEADER: office.tiktok.signed(body, office.world.clock())}
    refused: list[tuple[bytes, dict[str, str]]] = [
        (body, {}),
        (body + b" ", signed),
        (body, {HEADER: signed[HEADER].replace("s=", "s=0")}),
        (body, {HEADER: "t=,s="}),
        (b"", signed),
        (b"x" * 70_000, signed),
    ]
    for content, headers in refused:
        assert network.client.post("/webhook/tiktok", content=content, headers=headers).status_code == 403
    assert told(network, office, body, timedelta(minutes=-6)) == 403
    for broken in (b"{}", b"[" * 5_000, body.replace(tiktok.CLIENT_KEY.encode(), b"lain")):
        assert told(network, office, broken) == 400
    assert told(network, office, event(office, "authorization.removed", {}, "_000lain")) == 200
    assert office.accounts()["tiktok"].state is AccountState.ACTIVE
    assert kept(office) == []


def test_an_unknown_event_is_kept_as_it_came(office: Networks, enter: Enter) -> None:
    visit, network = enter(Role.OPERATOR), enter(signed_in=False)
    visit.get(agreed(visit, TIKTOK))
    body = event(office, "video.something.new", {"angka": 7})
    assert (told(network, office, body), told(network, office, body)) == (200, 200)
    (found,) = kept(office)
    assert (found.kind, found.payload["body"].encode()) == ("video.something.new", body)


@pytest.mark.parametrize(
    ("name", "content", "state"),
    [
        ("post.publish.complete", {}, PostState.PUBLISHED),
        ("post.publish.failed", {"reason": "publish_cancelled"}, PostState.FAILED),
        ("post.publish.inbox_delivered", {}, PostState.AWAITING_HUMAN),
    ],
)
def test_what_became_of_a_draft_settles_it(
    office: Networks, enter: Enter, name: str, content: dict[str, Any], state: PostState
) -> None:
    visit, network = enter(Role.OPERATOR), enter(signed_in=False)
    visit.get(agreed(visit, TIKTOK))
    draft(office, "p_inbox_url~v2.7")
    other = event(office, name, {"publish_id": "p_inbox_url~v2.8", **content})
    body = event(office, name, {"publish_id": "p_inbox_url~v2.7", **content})
    assert (told(network, office, other), office.posts()["tiktok"].state) == (200, PostState.AWAITING_HUMAN)
    assert (told(network, office, body), told(network, office, body)) == (200, 200)
    assert (office.posts()["tiktok"].state, waits(office)) == (state, state is PostState.AWAITING_HUMAN)
    with office.world.app.database.read() as session:
        shown = list(session.scalars(select(Exposure)))
    assert len(shown) == (state is PostState.PUBLISHED)


def test_a_post_on_its_way_is_asked_about_at_once(office: Networks, enter: Enter) -> None:
    visit, network = enter(Role.OPERATOR), enter(signed_in=False)
    visit.get(agreed(visit, TIKTOK))
    draft(office, "p_pub_url~v2.7")
    with office.world.app.database.write() as session:
        post = session.scalars(select(Post)).one()
        post.state, post.not_before = PostState.PENDING, office.world.clock() + timedelta(hours=5)
    assert told(network, office, event(office, "post.publish.complete", {"publish_id": "p_pub_url~v2.7"})) == 200
    found = office.posts()["tiktok"]
    assert (found.state, found.not_before) == (PostState.PENDING, office.world.clock()), (
        "TikTok is asked; it is not believed"
    )


def meta_says(network: Visit, path: str, office: Networks, **changes: Any) -> Any:
    facts = {"algorithm": "HMAC-SHA256", "user_id": graph.PERSON, "issued_at": int(office.world.clock().timestamp())}
    secret = str(changes.pop("secret", graph.APP_SECRET))
    return network.client.post(path, data={"signed_request": signed_request({**facts, **changes}, secret)})


def test_who_takes_their_leave_back_at_facebook_is_heard_once(office: Networks, enter: Enter) -> None:
    visit, network, path = enter(Role.OPERATOR), enter(signed_in=False), "/webhook/meta/dicabut"
    connected_meta(visit)
    stale = office.world.clock() - timedelta(days=2)
    for wrong in (
        {"secret": "lain"},
        {"algorithm": "none"},
        {"user_id": "x"},
        {"user_id": None},
        {"issued_at": int(stale.timestamp())},
        {"issued_at": "kemarin"},
    ):
        assert meta_says(network, path, office, **wrong).status_code == 403, wrong
    for raw in (b"", b"signed_request=", b"signed_request=a.b", b"signed_request=%ff.%ff", b"x" * 70_000):
        assert network.client.post(path, content=raw).status_code == 403
    assert meta_says(network, path, office, user_id="999").status_code == 200
    assert {row.state for row in office.accounts().values()} == {AccountState.ACTIVE}
    assert meta_says(network, path, office).status_code == 200
    assert {row.state for row in office.accounts().values()} == {AccountState.RECONNECT}
    connected_meta(visit)
    assert meta_says(network, path, office).status_code == 200, "brought again"
    assert {row.state for row in office.accounts().values()} == {AccountState.ACTIVE}


def test_a_wish_for_deletion_forgets_leave_and_number_and_can_be_read_about(office: Networks, enter: Enter) -> None:
    visit, network, path = enter(Role.OPERATOR), enter(signed_in=False), "/webhook/meta/hapus"
    connected_meta(visit)
    answer = meta_says(network, path, office).json()
    assert answer["url"] == f"https://siar.example{path}/{answer['confirmation_code']}"
    for row in office.accounts().values():
        assert (row.sealed_credentials, row.state) == ("", AccountState.RECONNECT)
        assert graph.PERSON not in json.dumps(row.settings)
    read = network.get(f"{path}/{answer['confirmation_code']}")
    assert (read.status_code, "sudah dihapus" in read.text) == (200, True)
    for other in ("x", "0" * 32, answer["confirmation_code"][:-1] + "x", "é" * 32):
        assert network.get(f"{path}/{other}").status_code == 404
    connected_meta(visit)
    assert {row.state for row in office.accounts().values()} == {AccountState.ACTIVE}


def test_a_lost_account_asks_for_one_button_on_beranda_and_its_post_leaves_after_it(
    office: Networks, enter: Enter
) -> None:
    visit = enter(Role.MARKETER)
    connected_meta(visit)
    connected_telegram(visit)
    page = office.accounts()["facebook_page"]
    office.graph.tokens.clear()  # the password was changed at Facebook
    campaign = office.started(ChannelName.FACEBOOK, ChannelName.TELEGRAM)
    office.publish(campaign)
    posts = office.posts()
    assert posts["telegram"].state is PostState.PUBLISHED, posts["telegram"].reason
    assert posts["facebook"].state is PostState.QUEUED
    assert office.accounts()["facebook_page"].state is AccountState.RECONNECT
    home = visit.page("/beranda")
    assert "perlu dihubungkan ulang" in home
    href = f"/kanal/media-sosial/meta/hubungkan?akun={page.id}"
    assert home.count(href) == 1
    assert "perlu dihubungkan ulang" not in enter(Role.MARKETER, "blitar").page("/beranda")
    office.forward(hours=1)
    office.publish(campaign)
    assert office.posts()["facebook"].state is PostState.QUEUED
    office.graph.tokens |= {graph.TOKEN: None, graph.USER_TOKEN: None}
    assert href in visit.page("/kanal/media-sosial")
    connected_meta(visit)
    assert "perlu dihubungkan ulang" not in visit.page("/beranda")
    office.publish(campaign)
    assert office.posts()["facebook"].state is PostState.PUBLISHED
    assert len(office.graph.page.posts) == 1
