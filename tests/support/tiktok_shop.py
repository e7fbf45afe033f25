"""A TikTok Shop (with Tokopedia) that keeps its rules: signatures, clock, tokens, required fields, limits, its codes.

Written from the models of tiktok-shop-api 0.1.0 and quotes of TikTok's error pages (read 22 Nov 2026), not from our adapter. The
signature is checked on the raw bytes that arrived. One server plays both hosts (API and tokens). A SKU may stand twice.
"""

import hashlib
import hmac
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply

APP_KEY, APP_SECRET, CIPHER = "6fkunciaplikasi", "rahasia-aplikasi-0123456789", "GCP_sandi+toko/rahasia=="
WAREHOUSE = "7000000000000000001"
WORDS = {
    Fault.RATE: ("36009002", "Too many requests."),
    Fault.DAILY: ("12019120", "Product count exceeds the daily limit."),
    Fault.PERMISSION: ("105005", "Access denied. This app has not been granted any access scope required."),
    Fault.ADDRESS: ("36009033", "Access denied. Your IP address is not in the IP allow list configured for this app."),
    Fault.BUSY: ("36009003", "Internal error. Please try again."),
}
NO_CIPHER = ("/product/202309/images/upload", "/authorization/202309/shops")
STATES = {
    "ALL",
    "DRAFT",
    "PENDING",
    "FAILED",
    "ACTIVATE",
    "SELLER_DEACTIVATED",
    "PLATFORM_DEACTIVATED",
    "FREEZE",
    "DELETED",
}


class RefusalError(Exception):
    """An error in TikTok Shop's words."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        self.reply = Reply({"code": int(code), "message": message, "request_id": "r"}, status)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


class TikTokShopServer(ProviderServer):
    """One app, one Indonesian shop."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count(1729000000000000001)
        self.products: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.pictures: set[str] = set()
        self.orders: list[dict[str, Any]] = []
        self.codes = {"kode-sekali-pakai"}
        self.access: dict[str, Any] = {}
        self.refresh_tokens: set[str] = set()
        self.attributes: list[dict[str, Any]] = []
        self.rules: dict[str, Any] = {"product_certifications": [], "size_chart": {"is_required": False}}
        self.permission = ["AVAILABLE"]
        self.warehouses = [{"id": WAREHOUSE, "type": "SALES_WAREHOUSE", "effect_status": "ENABLED", "is_default": True}]

    def grant(self) -> tuple[str, str]:
        """Hand out a pair of tokens, as an authorisation does."""
        number = next(self.numbers)
        access, refresh = f"akses-rahasia-{number}", f"segar-rahasia-{number}"
        self.access[access] = self.now + timedelta(hours=4)
        self.refresh_tokens.add(refresh)
        return access, refresh

    def refuse(self, fault: Fault) -> Reply:
        return RefusalError(*WORDS[fault]).reply

    def on_sale(self, sku: str) -> list[str]:
        return [
            number
            for number, product in self.products.items()
            if product["skus"][0]["seller_sku"] == sku and product["status"] == "ACTIVATE"
        ]

    def answer(self, asked: Asked) -> Reply:
        try:
            if asked.path.startswith("/api/v2/token/"):
                data = self._tokens(asked)
            else:
                self._check_call(asked)
                data = self._route(asked)
        except RefusalError as refusal:
            return refusal.reply
        return Reply({"code": 0, "message": "Success", "request_id": "r", "data": data})

    def _check_call(self, asked: Asked) -> None:
        stamp = asked.one("timestamp")
        if asked.one("app_key") != APP_KEY:
            raise RefusalError("36009004", "Invalid credentials. Invalid `app_key` query parameter.", 400)
        late = self.now.timestamp() - int(stamp) if stamp.isdigit() else 9e9
        if not -30 <= late <= 300:
            raise RefusalError(
                "36009004", "Invalid timestamp. The value must not be earlier than 5 minutes before", 400
            )
        pairs = dict(asked.query)
        given = pairs.pop("sign", "")
        text = asked.path.encode()
        for key in sorted(pairs):
            text += f"{key}{pairs[key]}".encode()
        if not asked.headers.get("content-type", "").startswith("multipart/form-data"):
            text += asked.body
        key = APP_SECRET.encode()
        if given != hmac.new(key, key + text + key, hashlib.sha256).hexdigest():
            raise RefusalError("106001", "Invalid credentials. The `sign` query parameter is invalid.", 400)
        token = asked.headers.get("x-tts-access-token", "")
        if token not in self.access:
            raise RefusalError(
                "36009004", f"Invalid credentials. The `x-tts-access-token` header is invalid. {token}", 401
            )
        if self.access[token] <= self.now:
            raise RefusalError("105002", "Expired credentials. The access token has expired.", 401)
        cipher = asked.one("shop_cipher")
        if asked.path in NO_CIPHER and cipher:
            raise RefusalError(
                "36009004", "Unexpected identifier. The `shop_cipher` query parameter is not required.", 400
            )
        if asked.path not in NO_CIPHER and cipher != CIPHER:
            raise RefusalError("101000", "Invalid query: shop_cipher.", 400)

    def _tokens(self, asked: Asked) -> dict[str, Any]:
        if (asked.one("app_key"), asked.one("app_secret")) != (APP_KEY, APP_SECRET):
            raise RefusalError("36009004", "Invalid credentials. Invalid `app_key` query parameter.")
        if asked.path.endswith("/get"):
            if asked.one("grant_type") != "authorized_code" or asked.one("auth_code") not in self.codes:
                raise RefusalError("36004004", "invalid auth code")
            self.codes.discard(asked.one("auth_code"))
        elif asked.one("refresh_token") in self.refresh_tokens and asked.one("grant_type") == "refresh_token":
            self.refresh_tokens.discard(asked.one("refresh_token"))
            self.access.clear()
        else:
            raise RefusalError("98001006", f"refresh_token invalid {asked.one('refresh_token')}")
        access, refresh = self.grant()
        return {
            "access_token": access,
            "access_token_expire_in": int((self.now + timedelta(hours=4)).timestamp()),
            "refresh_token": refresh,
            "refresh_token_expire_in": int((self.now + timedelta(days=60)).timestamp()),
            "seller_base_region": "ID",
        }

    def _route(self, asked: Asked) -> dict[str, Any]:
        path, method = asked.path, asked.method
        fixed = {
            ("GET", "/authorization/202309/shops"): self._shops,
            ("POST", "/product/202309/images/upload"): self._upload,
            ("POST", "/product/202309/categories/recommend"): self._recommend,
            ("GET", "/logistics/202309/warehouses"): lambda _: {"warehouses": self.warehouses},
            ("POST", "/product/202309/products"): self._create,
            ("DELETE", "/product/202309/products"): lambda asked: self._many(asked, "DELETED"),
            ("POST", "/product/202309/products/deactivate"): lambda asked: self._many(asked, "SELLER_DEACTIVATED"),
            ("POST", "/product/202309/products/activate"): lambda asked: self._many(asked, "ACTIVATE"),
            ("POST", "/product/202502/products/search"): self._search,
            ("POST", "/order/202309/orders/search"): self._order_search,
        }
        if found := fixed.get((method, path)):
            return found(asked)
        if method == "GET" and path.endswith("/attributes"):
            return {"attributes": self.attributes}
        if method == "GET" and path.endswith("/rules"):
            return self.rules
        number = path.split("/")[4] if path.count("/") >= 4 else ""
        if method == "PUT" and path == f"/product/202509/products/{number}":
            return self._edit(asked, number)
        if method == "POST" and path.endswith("/prices/update"):
            return self._price(asked, number)
        if method == "POST" and path.endswith("/inventory/update"):
            return self._inventory(asked, number)
        raise RefusalError("36009009", "Invalid path.", 404)

    def _shops(self, asked: Asked) -> dict[str, Any]:
        return {"shops": [{"id": "7495", "name": "Toko TTS", "region": "ID", "cipher": CIPHER, "code": "IDLC"}]}

    def _upload(self, asked: Asked) -> dict[str, Any]:
        content, case = asked.parts.get("data", b""), asked.parts.get("use_case", b"")
        if case != b"MAIN_IMAGE" or len(content) > 10 * 1024 * 1024:
            raise RefusalError("12038005", "image too large")
        try:
            width, height = Image.open(BytesIO(content)).size
        except OSError as error:
            raise RefusalError("12038002", "invalid file") from error
        if not (300 <= width <= 4000 and 300 <= height <= 4000):
            raise RefusalError("12038014", "image dimension")
        uri = f"tos-alisg-i/{hashlib.sha256(content).hexdigest()[:20]}"
        self.pictures.add(uri)
        return {"uri": uri, "width": width, "height": height, "use_case": "MAIN_IMAGE"}

    def _recommend(self, asked: Asked) -> dict[str, Any]:
        if not 25 <= len(asked.json.get("product_title", "")) <= 255 or asked.json.get("category_version") != "v2":
            raise RefusalError("12052051", "Product name length")
        leaf = {"id": "810001", "is_leaf": True, "permission_statuses": self.permission}
        return {"leaf_category_id": "810001", "categories": [{"id": "800", "is_leaf": False}, leaf]}

    def _check_product(self, body: dict[str, Any]) -> None:
        missing = [
            name for name in ("title", "description", "category_id", "main_images", "skus") if not body.get(name)
        ]
        if missing:
            raise RefusalError("36009004", f"Missing required field: {missing}", 400)
        if not 25 <= len(body["title"]) <= 255:
            raise RefusalError("12052051", "Product name length")
        if any(ord(char) >= 0x1F000 for char in body["title"] + body["description"]):
            raise RefusalError("12052931", "emoji")
        tags = _Tags()
        tags.feed(body["description"])
        if len(body["description"]) > 10_000 or tags.found - {"p"}:
            raise RefusalError("12052345" if tags.found - {"p"} else "12052013", f"description {tags.found}")
        if len(body["main_images"]) > 9 or any(image["uri"] not in self.pictures for image in body["main_images"]):
            raise RefusalError("12052722", "image not found")
        if body.get("category_version") != "v2":
            raise RefusalError("12052217", "category version")
        weight = body.get("package_weight", {})
        if weight.get("unit") != "KILOGRAM" or not float(weight.get("value", 0)) > 0 or "e" in weight["value"].lower():
            raise RefusalError("12052006", "package weight")
        required = {node["id"] for node in self.attributes if node.get("is_requried")}
        if required - {attribute["id"] for attribute in body.get("product_attributes", [])}:
            raise RefusalError("12052104", "Attribute is required")
        for sku in body["skus"]:
            self._check_sku(sku)

    def _check_sku(self, sku: dict[str, Any]) -> None:
        name = sku.get("seller_sku", "")
        if not 1 <= len(name) <= 50 or " " in name:
            raise RefusalError("12052054", "seller sku")
        if sku["price"]["currency"] != "IDR" or not str(sku["price"].get("amount", "")).isdigit():
            raise RefusalError("12052012", "price format")
        if not 100 <= int(sku["price"]["amount"]) <= 100_000_000:
            raise RefusalError("12052570", "price out of range")
        self._check_places(sku["inventory"])

    def _check_places(self, places: list[dict[str, Any]]) -> None:
        for place in places:
            if place.get("warehouse_id", WAREHOUSE) != WAREHOUSE:
                raise RefusalError("12052097", "warehouse")
            if not isinstance(place.get("quantity"), int) or not 1 <= place["quantity"] <= 99_999:
                raise RefusalError("12052055", "stock out of range")

    def _create(self, asked: Asked) -> dict[str, Any]:
        body = asked.json
        key = body.get("idempotency_key", "")
        if len(key) > 128:
            raise RefusalError("36009004", "idempotency_key", 400)
        if key and key in self.keys:
            return self.keys[key]
        self._check_product(body)
        number = str(next(self.numbers))
        skus = [{**sku, "id": str(next(self.numbers))} for sku in body["skus"]]
        self.products[number] = {**body, "id": number, "skus": skus, "status": "ACTIVATE"}
        made = {"product_id": number, "skus": [{"id": sku["id"], "seller_sku": sku["seller_sku"]} for sku in skus]}
        if key:
            self.keys[key] = made
        return made

    def _of(self, number: str) -> dict[str, Any]:
        product = self.products.get(number)
        if product is None or product["status"] == "DELETED":
            raise RefusalError("12052048", "Product not belong to the seller")
        return product

    def _edit(self, asked: Asked, number: str) -> dict[str, Any]:
        product, body = self._of(number), asked.json
        self._check_product(body)
        if [sku.get("id") for sku in body["skus"]] != [sku["id"] for sku in product["skus"]]:
            raise RefusalError("12052557", "sku id")
        product.update(body)
        return {"product_id": number}

    def _price(self, asked: Asked, number: str) -> dict[str, Any]:
        product, sku = self._of(number), asked.json["skus"][0]
        if product["status"] != "ACTIVATE" or sku["id"] != product["skus"][0]["id"]:
            raise RefusalError("12052901", "product status")
        if not 100 <= int(sku["price"]["amount"]) <= 100_000_000:
            raise RefusalError("12052570", "price out of range")
        product["skus"][0]["price"] = sku["price"]
        return {}

    def _inventory(self, asked: Asked, number: str) -> dict[str, Any]:
        product, sku = self._of(number), asked.json["skus"][0]
        try:
            self._check_places(sku["inventory"])
        except RefusalError as refusal:  # told inside a success
            return {
                "errors": [{"code": int(refusal.code), "message": refusal.message, "detail": {"sku_id": sku["id"]}}]
            }
        product["skus"][0]["inventory"] = sku["inventory"]
        return {"errors": []}

    def _many(self, asked: Asked, status: str) -> dict[str, Any]:
        numbers = asked.json["product_ids"]
        if not 1 <= len(numbers) <= 20:
            raise RefusalError("36009004", "product_ids max 20", 400)
        errors = []
        for number in numbers:
            try:
                self._of(number)["status"] = status
            except RefusalError as refusal:
                errors.append({"code": int(refusal.code), "message": refusal.message, "detail": {"product_id": number}})
        return {"errors": errors}

    def _search(self, asked: Asked) -> dict[str, Any]:
        if not 1 <= int(asked.one("page_size") or 0) <= 100 or asked.json.get("status", "ALL") not in STATES:
            raise RefusalError("12019109", "page size")
        wanted = asked.json.get("seller_skus", [])
        found = [item for item in self.products.values() if not wanted or item["skus"][0]["seller_sku"] in wanted]
        shown = []
        for product in reversed(found):
            sku = product["skus"][0]
            price = {"currency": "IDR", "tax_exclusive_price": sku["price"]["amount"]}
            shown.append({**product, "skus": [{**sku, "price": price}]})
        return {"total_count": len(shown), "products": shown, "next_page_token": ""}

    def _order_search(self, asked: Asked) -> dict[str, Any]:
        body, size = asked.json, int(asked.one("page_size") or 0)
        if not 1 <= size <= 100 or asked.one("sort_order") not in {"", "ASC", "DESC"}:
            raise RefusalError("36009004", "page_size", 400)
        low, high = body.get("update_time_ge", 0), body.get("update_time_lt", 2**40)
        found = [order for order in self.orders if low <= order["update_time"] < high]
        at = int(asked.one("page_token") or 0)
        token = str(at + size) if at + size < len(found) else ""
        return {"orders": found[at : at + size], "next_page_token": token, "total_count": len(found)}
