"""Kanal through HTTP: connect a shop by its provider, see how it is, act on it, and be woken by it."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from marketing.channels.marketplace.port import Provider
from marketing.db.models import ChannelAccount, Product
from marketing.demo.simulators.server import Fault
from marketing.domain.account import AccountState
from marketing.domain.types import Role
from marketing.queue import TaskName
from tests.functional.web.visits import Enter, Visit
from tests.support import shopee, tiktok_shop
from tests.support.market import SELLS_ON, Market, market_of
from tests.support.world import World

SLUG = {Provider.SHOPEE: "shopee", Provider.TIKTOK_SHOP: "tiktok-shop"}


@pytest.fixture
def market(world: World) -> Iterator[Market]:
    with market_of(world, SELLS_ON[world.app.database.engine.dialect.name]) as found:
        yield found


def owner_agrees(market: Market, visit: Visit, usaha: str = "") -> str:
    """Go to the provider as a person does; return the address it sends the person back to."""
    page = visit.page(f"/kanal/{SLUG[market.provider]}/sambungkan?usaha={usaha}")
    link = re.search(r'class="btn btn-primary" href="([^"]+)"', page)
    assert link
    gone = visit.get(link[1].replace("&amp;", "&"))
    assert gone.status_code == 303
    address = urlsplit(gone.headers["location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == market.server.url
    market.server.codes.add("kode-baru")
    if market.provider is Provider.SHOPEE:
        stamp = query["timestamp"]
        signed = f"{shopee.PARTNER_ID}{address.path}{stamp}".encode()
        assert query["sign"] == hmac.new(shopee.PARTNER_KEY.encode(), signed, hashlib.sha256).hexdigest()
        back = urlsplit(query["redirect"])
        return f"{back.path}?{back.query}&code=kode-baru&shop_id={shopee.SHOP_ID}"
    assert query["service_id"] == "7001"
    return f"/kanal/tiktok-shop/kembali?code=kode-baru&state={query['state']}"


def test_a_shop_is_connected_by_its_owner_and_its_tokens_are_on_no_page(
    market: Market, enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    market.world.tasks.asked.clear()
    visit = enter(Role.MARKETER)
    market.parts.accounts.remove(market.world.staff(Role.OPERATOR), market.account_id)
    back = owner_agrees(market, visit)
    landed = visit.get(back)
    assert (landed.status_code, landed.headers["location"]) == (303, "/kanal?kabar=tersambung")
    assert (TaskName.LISTINGS, {"tenant_id": "tts"}) in market.world.tasks.asked
    account = market.account()
    assert account.state is AccountState.ACTIVE
    market.product(1)
    market.parts.listings.run("tts")
    assert len(market.on_sale(1)) == 1, "the tokens work"
    shown = visit.page("/kanal") + visit.page(f"/kanal/akun/{account.id}") + visit.get(back).text
    written = capsys.readouterr()
    for secret in market.secrets():
        assert secret not in shown + written.out + written.err + repr(account)
    assert "channel.connect" in market.world.audited()


def test_a_code_works_once_and_only_with_this_persons_own_state(market: Market, enter: Enter) -> None:
    visit = enter(Role.OPERATOR)
    back = owner_agrees(market, visit)
    stranger, neighbour = enter(Role.MARKETER), enter(Role.OPERATOR, "blitar")
    for other in (stranger, neighbour):
        assert other.get(back).status_code == 422
    assert enter(Role.APPROVER).get(back).status_code == 403
    assert enter(signed_in=False).get(back).headers["location"].startswith("/masuk")
    state = parse_qs(urlsplit(back).query)["state"][0]
    other_way = {"shopee": "tiktok-shop", "tiktok-shop": "shopee"}[SLUG[market.provider]]
    forged = [
        back.replace(state, state[:-1] + ("A" if state[-1] != "A" else "B")),
        back.replace(state, "7" + state[1:]),
        back.replace(state, ""),
        back.replace("kode-baru", ""),
        back.replace(state, "9" * 200),
    ]
    for address in forged:
        assert visit.get(address).status_code == 422, address
    assert visit.get(back.replace(SLUG[market.provider], other_way)).status_code == 404
    assert "kode-baru" in market.server.codes, "nothing was asked of the provider"
    assert visit.get(back).status_code == 303
    again = visit.get(back)
    assert again.status_code == 422
    assert "sudah dipakai" in again.text
    back = owner_agrees(market, visit)
    market.server.codes.add("kode-baru")
    market.forward(minutes=31)
    assert visit.get(back).status_code == 422, "half an hour is over"


def test_a_shop_of_one_business_gets_only_its_goods(market: Market, enter: Enter) -> None:
    mine = market.product(1)
    market.product(2)
    with market.world.app.database.read() as session:
        business = session.get_one(Product, mine).business_id
    visit = enter(Role.OPERATOR)
    refused = visit.get(owner_agrees(market, visit, str(business)))
    assert refused.status_code == 422, "it is the Dinas's shop until it is removed"
    visit.act(f"/kanal/akun/{market.account_id}/lepas")
    assert visit.get(owner_agrees(market, visit, str(business))).status_code == 303
    assert "Usaha 1" in visit.page("/kanal")
    market.round()
    assert len(market.on_sale(1)) == 1
    assert market.standing(2) == []
    for wrong in ("999999", "x", "9" * 40, "-1"):
        assert visit.get(f"/kanal/{SLUG[market.provider]}/sambungkan?usaha={wrong}").status_code == 404
        assert visit.get(f"/kanal/{SLUG[market.provider]}/menuju?usaha={wrong}").status_code == 404


def test_what_went_wrong_is_told_and_can_be_mended(market: Market, enter: Enter) -> None:
    product = market.product(1, stock=None)
    market.product(2)
    market.parts.listings.run("tts")
    visit = enter(Role.MARKETER)
    page = visit.page("/kanal")
    assert "Ditolak 1" in re.sub(r"<[^>]+>", "", page)
    assert "Tayang 1" in re.sub(r"<[^>]+>", "", page)
    details = visit.page(f"/kanal/akun/{market.account_id}")
    assert "Isi jumlah stok di katalog" in details
    only = visit.page(f"/kanal/akun/{market.account_id}?keadaan=listed")
    assert "Tenun 2" in only
    assert "Tenun 1<" not in only
    assert visit.get(f"/kanal/akun/{market.account_id}?keadaan=ngawur&halaman=99").status_code == 200
    assert visit.act(f"/kanal/akun/{market.account_id}/coba-lagi").endswith("akun_coba")
    market.change(product, stock=3)
    market.parts.listings.run("tts")
    assert "Ditolak" not in re.sub(r"<option.*?</option>", "", visit.page("/kanal"))


def test_the_trial_says_whether_the_shop_answers(market: Market, enter: Enter) -> None:
    visit = enter(Role.OPERATOR)
    address = f"/kanal/akun/{market.account_id}"
    assert visit.act(f"{address}/uji").endswith("akun_diuji")
    path = "search_item" if market.provider is Provider.SHOPEE else "products/search"
    market.server.break_next(path, Fault.HTTP_429)
    assert visit.act(f"{address}/uji").endswith("akun_gagal")
    assert "Terlalu banyak panggilan" in visit.page("/kanal")
    assert visit.act(f"{address}/uji").endswith("akun_diuji")
    assert "Terlalu banyak panggilan" not in visit.page("/kanal")


def test_an_account_is_paused_resumed_and_removed_by_the_operator(market: Market, enter: Enter) -> None:
    operator, marketer, neighbour = enter(Role.OPERATOR), enter(Role.MARKETER), enter(Role.OPERATOR, "blitar")
    address = f"/kanal/akun/{market.account_id}"
    for act in ("jeda", "lepas", "lanjutkan"):
        assert marketer.post(f"{address}/{act}").status_code == 403
    for act in ("uji", "jeda", "lanjutkan", "lepas", "otomatis", "coba-lagi"):
        assert neighbour.post(f"{address}/{act}").status_code == 404
        assert enter(Role.APPROVER).post(f"{address}/{act}").status_code == 403
        assert operator.client.post(f"{address}/{act}", data={"csrf": "salah"}).status_code == 403
    assert neighbour.get(address).status_code == 404
    assert "Toko Uji" not in neighbour.page("/kanal")
    operator.act(f"{address}/jeda")
    assert "Dijeda oleh petugas." in operator.page("/kanal")
    assert operator.post(f"{address}/jeda").status_code == 403, "it is paused already"
    operator.act(f"{address}/lanjutkan")
    operator.act(f"{address}/lepas")
    assert market.account().sealed_credentials == ""
    assert operator.post(f"{address}/uji").status_code == 403
    assert "Sambungkan ulang" in operator.page("/kanal")
    done = [action for action in market.world.audited() if action.startswith("channel.")]
    assert done == ["channel.connect", "channel.pause", "channel.resume", "channel.remove"]


def test_what_only_a_person_can_delete_is_a_task_until_somebody_says_so(market: Market, enter: Enter) -> None:
    product = market.product(1)
    market.round()
    market.parts.accounts.remove(market.world.staff(Role.OPERATOR), market.account_id)
    market.revoke(product)
    market.world.app.recall.run("tts")
    visit, reader = enter(Role.MARKETER), enter(Role.APPROVER)
    page = visit.page("/kanal")
    assert "Hapus sendiri di Seller Centre" in page
    assert "Pasal 10" in page
    action = re.search(r'action="(/kanal/iklan/\d+/dihapus)"', page)
    assert action
    assert "dihapus" not in reader.page("/kanal").replace("Hapus", "")
    assert reader.post(action[1]).status_code == 403
    assert enter(Role.MARKETER, "blitar").post(action[1]).status_code == 404
    visit.act(action[1])
    assert "Hapus sendiri di Seller Centre" not in visit.page("/kanal")


def test_what_a_marketplace_asks_for_a_category_can_be_filled_in(market: Market, enter: Enter) -> None:
    visit = enter(Role.MARKETER)
    address = f"/kanal/akun/{market.account_id}/pilihan"
    form = {
        "kategori": "kerajinan",
        "nomor": "101234",
        "paket": "20 x 15 × 10 cm",
        "keterangan": "Bahan: katun\n\nAsal: SoE",
    }
    visit.act(address, form)
    kept = market.account().settings["choices"]["kerajinan"]
    assert kept == {"category_id": "101234", "attributes": {"Bahan": "katun", "Asal": "SoE"}, "parcel_cm": [20, 15, 10]}
    page = visit.page(f"/kanal/akun/{market.account_id}")
    assert "20 x 15 x 10" in page
    assert "Bahan: katun" in page
    for wrong in (
        {"kategori": "jasa"},
        {"nomor": "1/../2"},
        {"nomor": "٣"},
        {"paket": "20x15"},
        {"paket": "0x1x1"},
        {"paket": "9" * 30 + "x1x1"},
        {"keterangan": "tanpa titik dua"},
    ):
        assert visit.post(address, {**form, **wrong}).status_code == 422, wrong
    visit.act(address, {**form, "nomor": "", "paket": "", "keterangan": "<script>: \"'"})
    assert "<script>" not in visit.page(f"/kanal/akun/{market.account_id}").split("<main")[1]


def test_everybody_with_a_role_may_look(market: Market, enter: Enter) -> None:
    people, nobody = {role: enter(role) for role in Role}, enter(None)
    operator = people[Role.OPERATOR]
    for path in ("/kanal", f"/kanal/akun/{market.account_id}"):
        for role, visit in people.items():
            page = visit.page(path)
            assert ("Uji sambungan" in page) is (role in {Role.MARKETER, Role.OPERATOR})
            assert ("Ya, lepas toko ini" in page) is (role is Role.OPERATOR)
        assert nobody.get(path).status_code == 403
    for row in ("0", "-1", "x", "9" * 30):
        assert operator.get(f"/kanal/akun/{row}").status_code == 404
    assert operator.get("/kanal/toko-lain/sambungkan").status_code == 404


def test_without_registration_the_page_says_what_the_operator_does(enter: Enter, world: World) -> None:
    page = enter(Role.OPERATOR).page("/kanal")
    assert "SIAR_SHOPEE_PARTNER_ID" in page
    assert "Belum ada toko yang terhubung" in page
    assert enter(Role.OPERATOR).get("/kanal/shopee/sambungkan").status_code == 404


def pushed(market: Market, body: bytes, secret: str = "") -> dict[str, str]:
    """Sign as the provider does."""
    if market.provider is Provider.SHOPEE:
        key, text = secret or shopee.PARTNER_KEY, b"https://siar.example/webhook/shopee|" + body
    else:
        key, text = secret or tiktok_shop.APP_SECRET, tiktok_shop.APP_KEY.encode() + body
    return {"Authorization": hmac.new(key.encode(), text, hashlib.sha256).hexdigest()}


def notice(market: Market, kind: int, shop: str = "") -> bytes:
    shopee_shop = market.provider is Provider.SHOPEE
    number: int | str = int(shop or shopee.SHOP_ID) if shopee_shop else (shop or "7495")
    name = "code" if shopee_shop else "type"
    return json.dumps(
        {name: kind, "shop_id": number, "timestamp": 1795311600, "data": {"ordersn": "X", "order_id": "X"}}
    ).encode()


def test_a_genuine_notice_wakes_a_turn_and_is_not_believed(market: Market, enter: Enter) -> None:
    path = f"/webhook/{SLUG[market.provider]}"
    visit, tasks = enter(signed_in=False), market.world.tasks
    order, listing = (3, 6) if market.provider is Provider.SHOPEE else (1, 5)
    for kind, task in ((order, TaskName.MARKETPLACE_ORDERS), (listing, TaskName.LISTINGS)):
        tasks.asked.clear()
        body = notice(market, kind)
        answer = visit.client.post(path, content=body, headers=pushed(market, body))
        assert (answer.status_code, answer.content) == (204, b"")
        assert tasks.asked == [(task, {"tenant_id": "tts"})]
    tasks.asked.clear()
    for body in (notice(market, 99), notice(market, order, "424242")):
        assert visit.client.post(path, content=body, headers=pushed(market, body)).status_code == 204
    assert tasks.asked == [], "a kind or a shop that we do not know wakes nobody"
    with market.world.app.database.read() as session:
        assert session.get_one(ChannelAccount, market.account_id).report == {}


def test_a_notice_that_is_not_genuine_wakes_nobody(market: Market, enter: Enter) -> None:
    path, visit = f"/webhook/{SLUG[market.provider]}", enter(signed_in=False)
    market.world.tasks.asked.clear()
    body = notice(market, 3)
    signed = pushed(market, body)
    attempts: list[tuple[bytes, Any]] = [
        (body, {}),
        (body, pushed(market, body, "kunci salah")),
        (body + b" ", signed),
        (b"", pushed(market, b"")),
        (b"[]", pushed(market, b"[]")),
        (b"{", pushed(market, b"{")),
        (b"[" * 60_000, pushed(market, b"[" * 60_000)),
        (b"x" * 70_000, pushed(market, b"x" * 70_000)),
        (body, {"Authorization": "é".encode()}),
    ]
    for content, headers in attempts:
        answer = visit.client.post(path, content=content, headers=headers)
        assert answer.status_code == 403, (content[:40], answer.status_code)
    other = "/webhook/shopee" if market.provider is Provider.TIKTOK_SHOP else "/webhook/tiktok-shop"
    assert visit.client.post(other, content=body, headers=signed).status_code == 403, "not registered there"
    assert market.world.tasks.asked == []


def test_a_flood_of_notices_wakes_a_few_turns(market: Market, enter: Enter) -> None:
    path, visit = f"/webhook/{SLUG[market.provider]}", enter(signed_in=False)
    market.world.tasks.asked.clear()
    body = notice(market, 3 if market.provider is Provider.SHOPEE else 1)
    answers = [visit.client.post(path, content=body, headers=pushed(market, body)).status_code for _n in range(20)]
    assert set(answers) == {204}
    assert len(market.world.tasks.asked) == 6
