"""The life of posts in the demo: real workers, real HTTP, simulated networks; what is printed is what the pages show."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from marketing.accounts.users import set_password
from marketing.bootstrap import App, build_app
from marketing.db.models import Post, User
from marketing.domain.post import PostState
from marketing.settings import Settings
from marketing.web.app import create_app
from tests.support.demo import Played

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]
TENANTS = ("tts", "blitar")
PASSWORD = "kata sandi peragaan"


@pytest.fixture(params=TENANTS)
def lives(request: pytest.FixtureRequest, embedded: Played) -> dict[str, Any]:
    found: dict[str, Any] = embedded.result["tenants"][request.param]["providers"]
    return found


def test_a_lost_answer_is_looked_up_and_the_post_stands_once(lives: dict[str, Any]) -> None:
    page = lives["facebook"]
    assert page["calls"]["submit"] == 2, "one for each campaign: what was in doubt was not repeated"
    assert page["calls"]["find"] >= 1
    assert any("unconfirmed" in life for life in page["lives"])
    assert page["states"] == {"published": 1, "withdrawn": 1}


def test_every_post_came_as_far_as_it_can_by_itself(lives: dict[str, Any]) -> None:
    assert lives["instagram"]["calls"]["submit"] == 2
    assert lives["instagram"]["states"] == {"published": 2}
    assert lives["tiktok"]["calls"]["submit"] == 2
    assert all(life[-2:] == ["pending", "awaiting_human"] for life in lives["tiktok"]["lives"])
    assert lives["telegram"]["states"]["withdrawn"] == 1
    assert lives["whatsapp"]["calls"] == {}, "a group is a person's"


def test_the_revoked_product_is_gone_where_it_can_be_and_asked_for_where_not(lives: dict[str, Any]) -> None:
    assert {channel: found["recalled"] for channel, found in lives.items()} == {
        "facebook": {"done": 1},
        "instagram": {"awaiting_human": 1},
        "tiktok": {"awaiting_human": 1},
        "whatsapp": {"done": 1},
        "telegram": {"done": 1},
    }
    assert {channel: found["tasks"] for channel, found in lives.items() if found["tasks"]} == {
        "instagram": {"remove": 1},
        "tiktok": {"remove": 1, "share": 1},
        "whatsapp": {"share": 1},
    }
    assert {channel: found["standing"] for channel, found in lives.items()} == {
        "facebook": 1, "instagram": 2, "tiktok": 2, "telegram": 2, "whatsapp": None,
    }  # fmt: skip


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_pages_show_what_was_printed(embedded: Played, tenant: str) -> None:
    app = build_app(Settings(data_dir=embedded.folder, public_url="http://127.0.0.1"))
    printed = embedded.result["tenants"][tenant]["providers"]
    with app.database.read() as session:
        posts = list(session.scalars(select(Post).where(Post.tenant_id == tenant, Post.channel.in_(printed))))
    states = Counter((post.channel.value, post.state.value) for post in posts)
    assert states == {
        (channel, state): number for channel, found in printed.items() for state, number in found["states"].items()
    }
    with TestClient(create_app(app), base_url="http://127.0.0.1") as browser:
        _enter(app, browser, f"pemasar@{tenant}.example")
        listed = browser.get("/kotak-keluar/kiriman").text
        for post in posts:
            if post.state is PostState.PUBLISHED:
                page = browser.get(f"/kotak-keluar/kiriman/{post.id}")
                assert page.status_code == 200
                assert (post.permalink or "?") in page.text
        assert "Facebook" in listed
    app.close()


def _enter(app: App, browser: TestClient, email: str) -> None:
    with app.database.write() as session:
        set_password(session, session.scalars(select(User).where(User.email == email)).one(), PASSWORD)
    token = browser.get("/masuk").text.partition('name="csrf" value="')[2].partition('"')[0]
    answer = browser.post("/masuk", data={"csrf": token, "email": email, "sandi": PASSWORD})
    assert answer.status_code == 200
