"""Keys of other programs on their page: for administrators, shown once, revoked at once."""

import re

import pytest

from marketing.domain.types import Role
from tests.functional.web.visits import Enter, Visit
from tests.support.subscribing import MAIL
from tests.support.world import World

PAGE = "/kanal/kunci"


@pytest.fixture(name="world")
def _world(small_world: World) -> World:
    """No engine changes what stands on this page."""
    return small_world


def made(operator: Visit) -> str:
    answer = operator.post(PAGE, {"nama": "Situs <b>resmi</b>", "izin": ["consents", "withdrawals"]})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r"<code>(siar_[0-9a-f]{12}_[\w-]{43})</code>", answer.text)
    assert found
    return found[1]


def test_a_key_is_shown_once_works_and_is_revoked(enter: Enter, world: World) -> None:
    operator = enter(Role.OPERATOR)
    key = made(operator)
    page = operator.page(PAGE)
    assert key not in page
    assert key.split("_")[1] in page
    assert "Situs &lt;b&gt;resmi&lt;/b&gt;" in page
    assert "belum pernah" in page
    leaves = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
    headers = {"Authorization": f"Bearer {key}"}
    assert operator.client.post("/api/v1/withdrawals", json=leaves, headers=headers).status_code == 200
    assert "22 November 2026" in operator.page(PAGE)
    operator.act(f"{PAGE}/{key.split('_')[1]}/cabut")
    assert operator.client.post("/api/v1/withdrawals", json=leaves, headers=headers).status_code == 401
    assert [one for one in world.audited() if one.startswith("api_key")] == ["api_key.added", "api_key.revoked"]
    assert "Dicabut" in operator.page(PAGE)


def test_a_key_needs_a_name_and_a_right_that_stands_by_itself(enter: Enter, world: World) -> None:
    operator = enter(Role.OPERATOR)
    for name, scopes in [
        ("", "consents"),
        ("x" * 81, "consents"),
        ("Situs", ""),
        ("Situs", "vouch"),
        ("Situs", "semua"),
    ]:
        answer = operator.post(PAGE, {"nama": name, "izin": [scopes]})
        assert answer.status_code == 422
        assert "-salah" in answer.text
        assert "siar_" not in answer.text
    assert "api_key.added" not in world.audited()


def test_nobody_else_sees_or_makes_keys(enter: Enter, world: World) -> None:
    for role in (Role.MARKETER, Role.APPROVER, Role.COMPANION, Role.HEAD, None):
        visitor = enter(role)
        assert visitor.get(PAGE).status_code == 403
        assert visitor.post(PAGE, {"nama": "Situs", "izin": ["consents"]}).status_code == 403
        assert visitor.post(f"{PAGE}/000000000000/cabut").status_code == 403
        assert role is None or PAGE not in visitor.page("/kanal")
    assert PAGE in enter(Role.MANAGING_TEAM).page("/kanal")
    assert "api_key.added" not in world.audited()


def test_another_daerah_revokes_nothing_of_ours(enter: Enter) -> None:
    key = made(enter(Role.OPERATOR))
    neighbour = enter(Role.OPERATOR, "blitar")
    assert neighbour.post(f"{PAGE}/{key.split('_')[1]}/cabut").status_code == 404
    assert key.split("_")[1] not in neighbour.page(PAGE)
    assert (
        neighbour.client.post(PAGE, data={"nama": "Situs", "izin": "consents"}).status_code == 403
    )  # no proof of the form
