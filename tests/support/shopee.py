"""A Shopee that keeps Shopee's rules: signatures, clock, tokens, required fields, limits, its own words for each refusal.

Written from v2 documents (congminh1254/shopee-sdk schemas, read 22 Nov 2026), not from our adapter. A SKU may stand twice: Shopee does
not forbid it, and a test must be able to see a second listing.
"""

import hashlib
import hmac
from datetime import timedelta
from itertools import count
from typing import Any

from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply

PARTNER_ID, PARTNER_KEY, SHOP_ID = "2001887", "7a6f6b6579-kunci-mitra-rahasia", "322300222"
PUBLIC = {"/api/v2/auth/token/get", "/api/v2/auth/access_token/get", "/api/v2/media_space/upload_image"}
WORDS = {
    Fault.RATE: ("error_rate_limit", "Too many requests. You have reached the rate limit. Please try again later."),
    Fault.DAILY: ("error_limit", "The total API call number made by your APP has reached the daily API call limit"),
    Fault.PERMISSION: ("error_auth", "No permission to current api."),
    Fault.ADDRESS: ("source_ip_undeclared", "Request Source IP (10.0.0.1) is undeclared."),
    Fault.BUSY: ("error_system_busy", "Our system is taking some time to respond, please try later."),
}
REQUIRED = {
    "original_price": (int, float),
    "description": str,
    "weight": (int, float),
    "item_name": str,
    "logistic_info": list,
    "category_id": int,
    "image": dict,
}


class RefusalError(Exception):
    """An error in Shopee's words."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(code)
        self.reply = Reply({"error": code, "message": message, "request_id": "r"}, status)


class ShopeeServer(ProviderServer):
    """One partner, one shop."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count(1000)
        self.items: dict[int, dict[str, Any]] = {}
        self.pictures: set[str] = set()
        self.orders: list[dict[str, Any]] = []
        self.codes = {"kode-sekali-pakai"}
        self.access: dict[str, Any] = {}
        self.refresh_tokens: set[str] = set()
        self.linked = True
        self.mandatory: list[dict[str, Any]] = []
        self.limits: dict[str, Any] = {
            "price_limit": {"min_limit": 99, "max_limit": 150000000},
            "stock_limit": {"min_limit": 0, "max_limit": 9999},
            "item_name_length_limit": {"min_limit": 5, "max_limit": 120},
            "item_description_length_limit": {"min_limit": 20, "max_limit": 3000},
            "item_image_count_limit": {"min_limit": 1, "max_limit": 9},
        }
        self.channels: list[dict[str, Any]] = [
            {"logistics_channel_id": 8003, "enabled": True, "mask_channel_id": 0, "fee_type": "SIZE_INPUT"},
            {"logistics_channel_id": 8005, "enabled": False, "mask_channel_id": 0, "fee_type": "SIZE_INPUT"},
            {"logistics_channel_id": 80014, "enabled": True, "mask_channel_id": 8003, "fee_type": "SIZE_INPUT"},
        ]

    def grant(self) -> tuple[str, str]:
        """Hand out a pair of tokens, as an authorisation does."""
        number = next(self.numbers)
        access, refresh = f"akses-rahasia-{number}", f"segar-rahasia-{number}"
        self.access[access] = self.now + timedelta(hours=4)
        self.refresh_tokens.add(refresh)
        return access, refresh

    def refuse(self, fault: Fault) -> Reply:
        return RefusalError(*WORDS[fault], status=403 if fault is not Fault.BUSY else 200).reply

    def on_sale(self, sku: str) -> list[int]:
        return [
            number for number, item in self.items.items() if item["item_sku"] == sku and item["item_status"] == "NORMAL"
        ]

    def answer(self, asked: Asked) -> Reply:
        try:
            self._check_call(asked)
            name = asked.path.rsplit("/", 1)[-1]
            if asked.path in PUBLIC:
                return self._public(asked)
            response = getattr(self, f"_{name}")(asked)
        except RefusalError as refusal:
            return refusal.reply
        return Reply({"error": "", "message": "", "warning": "", "request_id": "r", "response": response})

    def _check_call(self, asked: Asked) -> None:
        stamp = asked.one("timestamp")
        if asked.one("partner_id") != PARTNER_ID:
            raise RefusalError("invalid_partner_id", "Invalid partner_id, please have a check.", 403)
        if not stamp.isdigit():
            raise RefusalError("error_param", "no timestamp.")
        if abs(int(stamp) - self.now.timestamp()) > 300:
            raise RefusalError("error_param", "Timestamp is expired.")
        token, shop = asked.one("access_token"), asked.one("shop_id")
        base = PARTNER_ID + asked.path + stamp
        if asked.path not in PUBLIC:
            base += token + shop
        if asked.one("sign") != hmac.new(PARTNER_KEY.encode(), base.encode(), hashlib.sha256).hexdigest():
            raise RefusalError("error_sign", "Wrong sign.", 403)
        if asked.path in PUBLIC:
            return
        if not self.linked:
            raise RefusalError("shop_no_linked", "Partner and shop has no linked.", 403)
        if shop != SHOP_ID or self.access.get(token, self.now) <= self.now:
            raise RefusalError("invalid_acceess_token", f"Invalid access_token {token}, please have a check.", 403)

    def _public(self, asked: Asked) -> Reply:
        if asked.path.endswith("upload_image"):
            return self._upload(asked)
        body = asked.json
        if body.get("partner_id") != int(PARTNER_ID) or body.get("shop_id") != int(SHOP_ID):
            raise RefusalError("error_param", "Wrong parameters, detail: shop_id.")
        if asked.path.endswith("/token/get") and "code" in body:
            if body["code"] not in self.codes:
                raise RefusalError("error_auth", "Invalid code.", 403)
            self.codes.discard(body["code"])
        elif body.get("refresh_token") in self.refresh_tokens:
            self.refresh_tokens.discard(body["refresh_token"])
            self.access.clear()
        else:
            raise RefusalError(
                "error_shop_refresh_token", f"Your refresh token is error {body.get('refresh_token')}", 403
            )
        access, refresh = self.grant()
        tokens = {"access_token": access, "refresh_token": refresh, "expire_in": 14400}
        return Reply({"error": "", "message": "", "request_id": "r", "shop_id": int(SHOP_ID), **tokens})

    def _upload(self, asked: Asked) -> Reply:
        content = asked.parts.get("image", b"")
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG")) or len(content) > 10 * 1024 * 1024:
            raise RefusalError("error_param", "Wrong parameters, detail: image format.")
        number = f"id-{hashlib.sha256(content).hexdigest()[:16]}-{next(self.numbers)}"
        self.pictures.add(number)
        return Reply({"error": "", "message": "", "response": {"image_info": {"image_id": number}}})

    def _category_recommend(self, asked: Asked) -> dict[str, Any]:
        if not asked.one("item_name"):
            raise RefusalError("product.error_param", "invalid field ItemName: value must  Not Null")
        return {"category_id": [101234, 100001]}

    def _get_item_limit(self, asked: Asked) -> dict[str, Any]:
        return self.limits

    def _get_attribute_tree(self, asked: Asked) -> dict[str, Any]:
        number = int(asked.one("category_id_list"))
        return {"list": [{"category_id": number, "attribute_tree": self.mandatory}]}

    def _get_channel_list(self, asked: Asked) -> dict[str, Any]:
        return {"logistics_channel_list": self.channels}

    def _search_item(self, asked: Asked) -> dict[str, Any]:
        if not asked.one("page_size").isdigit():
            raise RefusalError("product.error_param", "invalid field PageSize: value must  Not Null")
        sku = asked.one("item_sku")
        # The real search is loose; so is this one, to catch an adapter that believes it.
        found = [number for number, item in self.items.items() if item["item_sku"].startswith(sku[:5])]
        return {"item_id_list": sorted(found, reverse=True), "total_count": len(found), "next_offset": ""}

    def _get_item_base_info(self, asked: Asked) -> dict[str, Any]:
        numbers = [int(number) for number in asked.one("item_id_list").split(",")]
        if len(numbers) > 50:
            raise RefusalError("product.error_param", "item_id_list; limit [0,50]")
        return {"item_list": [self._shown(number) for number in numbers if number in self.items]}

    def _shown(self, number: int) -> dict[str, Any]:
        item = self.items[number]
        price = {"currency": "IDR", "original_price": item["original_price"], "current_price": item["original_price"]}
        stock = {"summary_info": {"total_available_stock": item["seller_stock"][0]["stock"]}}
        return {**item, "item_id": number, "price_info": [price], "stock_info_v2": stock}

    def _check_item(self, body: dict[str, Any]) -> None:
        limits = self.limits
        for number in body["image"].get("image_id_list") or [None]:
            if number not in self.pictures:
                raise RefusalError("product.error_param", "Image not exist.")
        if len(body["image"]["image_id_list"]) > 9:
            raise RefusalError("error_image_num_min", "image count")
        size = len(body["item_name"])
        if size > limits["item_name_length_limit"]["max_limit"]:
            raise RefusalError("error_title_exceeds_max_length", "The length of item_name is bigger than max limit.")
        if size < limits["item_name_length_limit"]["min_limit"]:
            raise RefusalError("error_item_name_is_too_short", "Item_name length is less than min limit.")
        text = limits["item_description_length_limit"]
        if not text["min_limit"] <= len(body["description"]) <= text["max_limit"]:
            raise RefusalError("error_desc_length_min_limit", "Description length is less than the min limit.")
        known = {channel["logistics_channel_id"] for channel in self.channels if channel["enabled"]}
        if not body["logistic_info"] or any(entry["logistic_id"] not in known for entry in body["logistic_info"]):
            raise RefusalError("error_invalid_logistic_info", "invalid logistic info")
        if body["weight"] <= 0:
            raise RefusalError("product.error_param", "Invalid Weight.")
        given = {entry["attribute_id"] for entry in body.get("attribute_list", [])}
        if any(node["mandatory"] and node["attribute_id"] not in given for node in self.mandatory):
            raise RefusalError("error_less_required_attribute", "Mandatory attribute information required")

    def _check_price(self, price: float) -> None:
        if price < self.limits["price_limit"]["min_limit"]:
            raise RefusalError("error_price_exceed_min_limitt", "Original_price is less than min price limit.")
        if price > self.limits["price_limit"]["max_limit"]:
            raise RefusalError("error_price_exceed_max_limitt", "Original_price is bigger than max price limit.")
        if price != int(price):
            raise RefusalError("error_invalid_price", "Invalid price, please use the correct format")

    def _add_item(self, asked: Asked) -> dict[str, Any]:
        body = asked.json
        for name, kind in REQUIRED.items():
            if not isinstance(body.get(name), kind):  # type: ignore[arg-type]
                raise RefusalError("product.error_param", f"invalid field {name}: value must  Not Null")
        self._check_item(body)
        self._check_price(body["original_price"])
        number = next(self.numbers)
        stock = body.get("seller_stock") or [{"stock": 0}]
        self.items[number] = {"item_status": "NORMAL", "item_sku": "", **body, "seller_stock": stock}
        return {"item_id": number, "item_status": "NORMAL"}

    def _of(self, number: Any) -> dict[str, Any]:
        if number not in self.items:
            raise RefusalError("product.error_item_not_found", "Product not found")
        return self.items[number]

    def _update_item(self, asked: Asked) -> dict[str, Any]:
        body = asked.json
        item = self._of(body.get("item_id"))
        if "original_price" in body or "seller_stock" in body:
            raise RefusalError("product.error_param", "update_item does not take price or stock")
        self._check_item({**item, **body})
        item.update(body)
        return {"item_id": body["item_id"]}

    def _update_price(self, asked: Asked) -> dict[str, Any]:
        body = asked.json
        item, prices = self._of(body.get("item_id")), body["price_list"]
        if not 1 <= len(prices) <= 50:
            raise RefusalError("product.error_param", "Length should be between 1 to 50.")
        self._check_price(prices[0]["original_price"])
        item["original_price"] = prices[0]["original_price"]
        return {"success_list": prices, "failure_list": []}

    def _update_stock(self, asked: Asked) -> dict[str, Any]:
        body = asked.json
        item, stocks = self._of(body.get("item_id")), body["stock_list"]
        if not 1 <= len(stocks) <= 50:
            raise RefusalError("product.error_param", "Length should be between 1 to 50.")
        if stocks[0]["seller_stock"][0]["stock"] > self.limits["stock_limit"]["max_limit"]:
            return {"failure_list": [{"model_id": 0, "failed_reason": "stock is over the limit"}], "success_list": []}
        item["seller_stock"] = stocks[0]["seller_stock"]
        return {"success_list": stocks, "failure_list": []}

    def _unlist_item(self, asked: Asked) -> dict[str, Any]:
        wanted = asked.json["item_list"]
        if not 1 <= len(wanted) <= 50:
            raise RefusalError("product.error_param", "Length should be between 1 to 50.")
        good, bad = [], []
        for entry in wanted:
            item = self.items.get(entry["item_id"])
            if item is None:
                bad.append({"item_id": entry["item_id"], "failed_reason": "Product not found"})
            elif item["item_status"] == "BANNED":
                bad.append(
                    {"item_id": entry["item_id"], "failed_reason": "Banned and Reviewing Products cannot be delisted"}
                )
            else:
                item["item_status"] = "UNLIST" if entry["unlist"] else "NORMAL"
                good.append(entry)
        return {"success_list": good, "failure_list": bad}

    def _delete_item(self, asked: Asked) -> dict[str, Any]:
        self._of(asked.json.get("item_id"))
        del self.items[asked.json["item_id"]]
        return {}

    def _get_order_list(self, asked: Asked) -> dict[str, Any]:
        start, end, size = (int(asked.one(name)) for name in ("time_from", "time_to", "page_size"))
        if not 0 <= end - start <= 15 * 86400:
            raise RefusalError(
                "order.order_list_invalid_time", "Start time must be earlier than end time and diff in 15days."
            )
        if not 1 <= size <= 100 or asked.one("time_range_field") not in {"create_time", "update_time"}:
            raise RefusalError("error_param", "Wrong parameters, detail: page_size.")
        found = [order for order in self.orders if start <= order[asked.one("time_range_field")] < end]
        at = int(asked.one("cursor") or 0)
        more = at + size < len(found)
        return {
            "more": more,
            "next_cursor": str(at + size) if more else "",
            "order_list": [{"order_sn": order["order_sn"]} for order in found[at : at + size]],
        }

    def _get_order_detail(self, asked: Asked) -> dict[str, Any]:
        numbers = asked.one("order_sn_list").split(",")
        if not 1 <= len(numbers) <= 50:
            raise RefusalError("error_param", "Wrong parameters, detail: order_sn_list.")
        plain = {"order_sn", "currency", "order_status", "create_time", "update_time", "region", "cod"}
        asked_for = plain | set(asked.one("response_optional_fields").split(","))
        return {
            "order_list": [
                {key: value for key, value in order.items() if key in asked_for}
                for order in self.orders
                if order["order_sn"] in numbers
            ]
        }
