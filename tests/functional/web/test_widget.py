"""The frame that other sites show: nothing runs in it, nothing is held in it, and its links lead to us."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from sqlalchemy import select, update

from marketing.db.models import Business, Product
from marketing.domain.product import Category, VerificationStatus
from tests.functional.web.visits import Enter, Visit
from tests.support.world import TENANT, World, add_product

SITE = "https://siar.example"
HOME = f"/galeri/{TENANT}"
FRAME = f"{HOME}/widget"


@pytest.fixture(name="guest")
def _guest(enter: Enter) -> Visit:
    return enter(signed_in=False)


def business_of(world: World, product_id: int) -> int:
    with world.app.database.read() as session:
        return session.scalars(select(Product.business_id).where(Product.id == product_id)).one()


def test_the_frame_may_stand_anywhere_and_no_other_page_may(guest: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    answer = guest.get(FRAME)
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex"
    for path in (HOME, f"{HOME}/produk/{product}", f"{HOME}/pasang", f"{FRAME}.json", "/masuk", f"{HOME}/umpan.rss"):
        assert "frame-ancestors 'none'" in guest.get(path).headers["content-security-policy"], path


def test_the_frame_is_small_and_its_links_leave_it(guest: Visit, world: World) -> None:
    product = add_product(world.app, 1, name="<script>alert(1)</script> Kain")
    add_product(world.app, 2, stock=0, name="Tertahan")
    answer = guest.get(FRAME)
    page = html.fromstring(answer.content)
    assert not page.xpath("//script | //*[@style] | //form | //*[starts-with(name(@*), 'on')]")
    assert "Tertahan" not in answer.text
    links = page.xpath("//a")
    assert {(link.get("target"), link.get("rel")) for link in links} == {("_top", "noopener")}
    first = urlsplit(links[0].get("href"))
    assert f"{first.scheme}://{first.netloc}{first.path}" == f"{SITE}{HOME}/produk/{product}"
    assert parse_qs(first.query) == {
        "utm_source": ["siar"],
        "utm_medium": ["widget"],
        "utm_campaign": [f"{TENANT}-widget"],
    }
    assert guest.get(first.path).status_code == 200
    sheets = page.xpath("//link[@rel='stylesheet']/@href")
    sizes = [len(guest.get(sheet).content) for sheet in sheets]
    assert len(answer.content) + sum(sizes) < 10_000
    kept = [guest.get(sheet).headers["cache-control"] for sheet in sheets]
    assert kept == ["public, max-age=31536000, immutable", "public, max-age=300"]
    again = guest.get(FRAME, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["content-security-policy"]) == (
        304,
        answer.headers["content-security-policy"],
    )


def test_the_frame_speaks_one_language_whatever_the_reader_chose_with_us(guest: Visit, world: World) -> None:
    add_product(world.app, 1)
    before = guest.get(FRAME)
    guest.client.cookies.set("siar_bahasa", "en")
    assert guest.get(FRAME).content == before.content


def test_the_frame_of_a_category_of_a_business_and_of_a_number(guest: Visit, world: World) -> None:
    for number in range(1, 31):
        add_product(world.app, number, category=Category.FESYEN if number == 30 else Category.KERAJINAN)

    def shown(query: str) -> int:
        page, data = guest.get(f"{FRAME}?{query}"), guest.get(f"{FRAME}.json?{query}").json()
        assert len(html.fromstring(page.content).xpath("//li")) == len(data["items"])
        return len(data["items"])

    own = business_of(world, 7)
    assert [shown(query) for query in ("", "jumlah=3", "jumlah=24", "jumlah=99999", "jumlah=0", "jumlah=tiga")] == [
        *(6, 3, 24, 24, 6, 6)
    ]
    assert shown("kategori=fesyen") == shown(f"usaha={own}") == 1
    assert shown(f"kategori=fesyen&usaha={own}") == 0
    assert "Usaha 7" in guest.page(f"{FRAME}?usaha={own}")


@pytest.mark.parametrize("query", ["kategori=tidak-ada", "usaha=99", "usaha=0", "usaha=9999999999999999999", "usaha=x"])
def test_what_is_not_there_is_still_a_frame(guest: Visit, world: World, query: str) -> None:
    add_product(world.app, 1)
    page = guest.get(f"{FRAME}?{query}")
    assert page.status_code == 404
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "tidak ada produk yang ditampilkan" in page.text
    data = guest.get(f"{FRAME}.json?{query}")
    assert (data.status_code, data.headers["access-control-allow-origin"]) == (404, "*")
    assert data.json()["error"]


def test_a_business_that_lost_its_standing_is_not_named_on_its_own_site(guest: Visit, world: World) -> None:
    own = business_of(world, add_product(world.app, 1))
    assert "Usaha 1" in guest.page(f"{FRAME}?usaha={own}")
    with world.app.database.write() as session:
        session.execute(update(Business).values(verification_status=VerificationStatus.REVOKED))
    for path in (f"{FRAME}?usaha={own}", f"{FRAME}.json?usaha={own}", f"{HOME}/pasang?usaha={own}"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "Usaha 1" not in answer.text


def test_the_data_have_the_ids_of_the_feeds(guest: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    answer = guest.get(f"{FRAME}.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (item,) = answer.json()["items"]
    (entry,) = guest.get(f"{HOME}/umpan.json").json()["items"]
    assert item["id"] == entry["id"]
    assert item["sku"] == entry["_siar"]["product_id"]
    assert (item["name"], item["price"], item["price_text"]) == ("Tenun 1", 100_000, "Rp100.000")
    assert (item["business"], item["place"], item["how_to_order"]) == (
        "Usaha 1",
        "Kota Soe",
        "Pesan lewat WhatsApp.",
    )
    assert item["url"].startswith(f"{SITE}{HOME}/produk/{product}?utm_source=siar")
    documented = re.findall(r"<dt><code>([^<]+)</code>", guest.page(f"{HOME}/pasang"))
    assert {name for names in documented for name in names.split(", ")} == set(item)
    again = guest.get(f"{FRAME}.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_page_to_copy_from_shows_what_it_gives(guest: Visit, world: World) -> None:
    product = add_product(world.app, 1)
    add_product(world.app, 2, category=Category.FESYEN)
    own = business_of(world, product)
    for query, wanted in (
        ("", ""),
        ("?kategori=fesyen", "?kategori=fesyen"),
        (f"?usaha={own}&jumlah=12", f"?usaha={own}&jumlah=12"),
    ):
        page = html.fromstring(guest.page(f"{HOME}/pasang{query}"))
        snippet = html.fromstring(page.xpath("string(//textarea)").strip())
        assert snippet.get("src") == f"{SITE}{FRAME}{wanted}"
        assert snippet.get("title")
        (frame,) = page.xpath("//main//iframe")
        assert frame.get("src") == f"{FRAME}{wanted}"
        assert guest.get(frame.get("src")).status_code == 200
        for address in page.xpath("//main//a/@href"):
            assert guest.get(address.removeprefix(SITE)).status_code == 200, address
    assert guest.get(f"{HOME}/pasang?kategori=tidak-ada").status_code == 404


def test_a_name_cannot_leave_the_snippet(guest: Visit, world: World) -> None:
    own = business_of(world, add_product(world.app, 1))
    with world.app.database.write() as session:
        session.execute(update(Business).values(name='"></textarea><script>alert(1)</script>'))
    answer = guest.get(f"{HOME}/pasang?usaha={own}")
    assert "<script>alert" not in answer.text
    snippet = html.fromstring(html.fromstring(answer.content).xpath("string(//textarea)").strip())
    assert '"></textarea><script>' in snippet.get("title")


def test_editors_learn_how_to_embed_an_address(guest: Visit, world: World) -> None:
    own = business_of(world, add_product(world.app, 1))
    for path, frame in (
        (HOME, FRAME),
        (f"{HOME}/kategori/kerajinan", f"{FRAME}?kategori=kerajinan"),
        (f"{HOME}/usaha/{own}", f"{FRAME}?usaha={own}"),
    ):
        answer = guest.get(f"{HOME}/oembed", params={"url": SITE + path, "maxwidth": 400, "format": "json"}).json()
        assert (answer["type"], answer["version"], answer["width"]) == ("rich", "1.0", 400)
        assert html.fromstring(answer["html"]).get("src") == SITE + frame
    for url in (
        "https://jahat.example" + HOME,
        f"{SITE}/galeri/blitar",
        f"{SITE}/masuk",
        "//x",
        f"{SITE}{HOME}/usaha/99",
    ):
        assert guest.get(f"{HOME}/oembed", params={"url": url}).status_code == 404, url
    assert guest.get(f"{HOME}/oembed", params={"url": SITE + HOME, "format": "xml"}).status_code == 501
