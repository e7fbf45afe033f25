"""Shopee's error codes: each stands in exactly one line and leads to exactly one rule; pure.

Source: error lists of v2 add_item, update_item, search_item, unlist_item, update_stock, update_price, delete_item, upload_image,
get_order_list and refresh_access_token (congminh1254/shopee-sdk, `schemas/*.json`, read 22 Nov 2026). Codes come bare or behind
their module ("product.error_param"); the misspelt ones are Shopee's. A code with more than one meaning is told apart by its message.
"""

from datetime import timedelta
from typing import Final

from marketing.channels.marketplace.errors import Fate, ProviderError, Rule, quoted
from marketing.i18n import N_

_CLOCK: Final = Rule(Fate.PAUSED, N_("Jam server ini meleset lebih dari lima menit; samakan dengan waktu internet."))
_FAULT: Final = Rule(Fate.FAULT, N_("Shopee sedang terganggu; sistem mencoba lagi."))
_TRY_AGAIN: Final = Rule(Fate.LATER, N_("Shopee meminta dicoba lagi nanti."), timedelta(minutes=15))
_RATE: Final = Rule(
    Fate.LATER,
    N_("Terlalu banyak panggilan ke Shopee; sistem menunggu sebentar."),
    timedelta(minutes=1),
    for_everyone=True,
)
_DAILY: Final = Rule(
    Fate.LATER,
    N_("Jatah panggilan harian ke Shopee habis; sistem melanjutkan setelah pukul 23.00 WIB."),
    timedelta(hours=1),
    for_everyone=True,
)
_TOKEN: Final = Rule(Fate.TOKEN, N_("Izin masuk Shopee perlu diperbarui."))
_RECONNECT: Final = Rule(Fate.RECONNECT, N_("Izin toko Shopee sudah berakhir; sambungkan ulang toko ini."))
_ADDRESS: Final = Rule(
    Fate.PAUSED,
    N_("Alamat IP server belum didaftarkan; tambahkan di Shopee Open Platform, App list, IP Address Whitelist."),
)
_PERMISSION: Final = Rule(
    Fate.PAUSED, N_("Aplikasi atau toko tidak berhak memakai fungsi ini; periksa izinnya di Shopee Open Platform.")
)
_SHOP: Final = Rule(Fate.PAUSED, N_("Toko Shopee sedang tidak aktif atau dibatasi; periksa di Shopee Seller Centre."))
_HOLIDAY: Final = Rule(Fate.LATER, N_("Toko Shopee sedang mode libur; matikan di Seller Centre."), timedelta(hours=6))
_KEY: Final = Rule(Fate.PAUSED, N_("Kunci aplikasi Shopee salah atau sudah berakhir; perbarui di pengaturan saluran."))
_LIMIT_SHOP: Final = Rule(
    Fate.REFUSED, N_("Toko Shopee sudah mencapai jumlah produk terbanyak; hapus yang lama dahulu.")
)
_PROMOTION: Final = Rule(
    Fate.LATER, N_("Produk sedang dalam promosi Shopee; akhiri promosinya di Seller Centre."), timedelta(hours=6)
)
_GONE: Final = Rule(Fate.GONE, N_("Produk tidak ada (lagi) di Shopee."))
_FIELD: Final = Rule(Fate.REFUSED, N_("Shopee menolak isian produk ini; perbaiki lalu kirim lagi."))
_TITLE: Final = Rule(Fate.REFUSED, N_("Nama produk tidak diterima Shopee; perbaiki nama di katalog."))
_DESCRIPTION: Final = Rule(Fate.REFUSED, N_("Deskripsi tidak diterima Shopee; perbaiki deskripsi di katalog."))
_PRICE: Final = Rule(Fate.REFUSED, N_("Harga di luar batas Shopee; perbaiki harga di katalog."))
_STOCK: Final = Rule(
    Fate.REFUSED, N_("Stok tidak dapat diubah di Shopee; periksa pesanan dan gudang di Seller Centre.")
)
_PICTURE: Final = Rule(Fate.REFUSED, N_("Gambar tidak diterima Shopee; ganti gambar di katalog."))
_CATEGORY: Final = Rule(Fate.REFUSED, N_("Kategori tidak diterima Shopee; pilih kategori lain."))
_ATTRIBUTE: Final = Rule(
    Fate.REFUSED, N_("Keterangan wajib kategori Shopee belum lengkap; lengkapi di pengaturan produk.")
)
_BRAND: Final = Rule(Fate.REFUSED, N_("Merek tidak diterima Shopee; periksa merek di Seller Centre."))
_LOGISTIC: Final = Rule(
    Fate.REFUSED, N_("Jasa kirim tidak sesuai; aktifkan jasa kirim yang cocok di Shopee Seller Centre.")
)
_STATE: Final = Rule(
    Fate.REFUSED, N_("Keadaan produk di Shopee tidak mengizinkan perubahan; periksa di Seller Centre.")
)
_DUPLICATE: Final = Rule(Fate.REFUSED, N_("Shopee menganggap produk ini sudah ada; periksa daftar produk toko."))
_UNKNOWN: Final = Rule(
    Fate.REFUSED, N_("Shopee menjawab dengan kode yang belum dikenal; laporkan kepada pengelola sistem.")
)

_GROUPS: Final[tuple[tuple[Rule, str], ...]] = (
    (_RATE, "error_rate_limit"),
    (_DAILY, "error_limit"),
    (
        _FAULT,
        (
            "error_network error_server error_inner error_system_busy error_marshal error_unknown error_data"
            " error_busi_add_item_failed error_slash_price_load"
        ),
    ),
    (_TRY_AGAIN, "error_get_shop_fail error_unlist_item_failed error_unlist_item_all_failed error_cannot_delete_item"),
    (_TOKEN, "error_auth invalid_acceess_token invalid_access_token"),
    (
        _RECONNECT,
        (
            "refresh_token_expired error_shop_refresh_token error_merchant_refresh_token shop_access_expired"
            " merchant_access_expired supplier_access_expired shop_no_linked merchant_no_linked supplier_no_linked"
            " partner_shop_no_link invalid_code"
        ),
    ),
    (_ADDRESS, "source_ip_undeclared"),
    (
        _PERMISSION,
        (
            "error_api_call_restricted error_api_permission error_ashop_api_permission error_perm_non_admin api_suspended"
            " error_kyc_auth"
        ),
    ),
    (_KEY, "error_sign invalid_partner_id error_partner_key_expired"),
    (
        _SHOP,
        (
            "shop_banned error_shop error_auth_shop_not_found error_param_shop_id_not_found error_busi_invalid_shop_status"
            " error_busi_invalid_account_status error_seller_under_penalty"
        ),
    ),
    (_HOLIDAY, "error_holiday_on_add_item error_holiday_on_del_item error_holiday_mode_change_stock"),
    (_LIMIT_SHOP, "error_reach_shop_item_limit"),
    (
        _PROMOTION,
        (
            "error_cannt_unlisted_in_promotion error_in_item_promotion_unlsit_lock error_unlist_in_promotion"
            " error_cannt_edit_stock_in_promotion error_promotion_cantnot_update_stock error_in_item_promotion_nomodel_to_models"
            " error_model_update_stock_model_in_promotion error_cannt_edit_price_in_promotion"
            " error_in_item_promotion_item_price_lock error_cannot_update_price_in_promotion error_cannt_delete_in_promotion"
            " error_in_item_promotion_delete_lock error_in_model_promotion_delete_lock error_slash_price_item_delete_lock"
        ),
    ),
    (_GONE, "error_item_not_found error_nil_shopid_or_itemid error_item_not_belong_shop"),
    (
        _TITLE,
        (
            "error_name_length_limit error_item_name_empty error_nil_name_new_item error_item_name_is_too_short"
            " error_title_exceeds_max_length error_title_character_forbidden"
        ),
    ),
    (_DESCRIPTION, "error_desc_hash_tag_over_limit error_desc_length_min_limit error_desc_image_no_pass"),
    (
        _PRICE,
        (
            "error_invalid_price error_price_exceed_min_limitt error_price_exceed_max_limitt error_price_out_of_range"
            " error_invalid_price_for_logistic error_wholesale_price_less_than_ratio_limit error_whole_sale_min_count_incorrect"
            " error_whole_sale_price_setting_incorrect error_slash_price_not_lowest error_slash_price_models_diff"
            " error_price_should_be_same_for_wholesales error_edit_item_price_for_item_has_model"
        ),
    ),
    (
        _STOCK,
        (
            "error.param error_wms_shop_block_upate_stock error_busi_update_stock_failed error_edit_item_stock_for_item_has_model"
            " error_auth_product_is_pff"
        ),
    ),
    (_PICTURE, "error_image_unavailable error_image_num_min error_tier_img_partial error_tier_img_old_app"),
    (
        _CATEGORY,
        (
            "error_invalid_category error_category_is_block error_forbidden_category error_category_level"
            " error_category_path_count_limit error_incalid_category error_category_dts"
            " error_param_category_not_support_pre_order"
        ),
    ),
    (
        _ATTRIBUTE,
        (
            "error_invalid_attribute error_less_required_attribute error_value_name_required error_value_id_must_equal_zero"
            " error_invalid_category_attribute error_busi_attribute_error error_attribute_fda_error error_invalid_attribute_value"
            " error_wrong_attrsnapshot"
        ),
    ),
    (
        _BRAND,
        "error_invalid_brand error_incalid_brand error_less_required_brand error_brand_forbidden error_duplicated_brand",
    ),
    (_LOGISTIC, "error_invalid_logistic_info error_busi error_invalid_days_to_ship error_param_dts_exceeds_max_limit"),
    (_DUPLICATE, "error_repeated_mtsku"),
    (
        _STATE,
        (
            "error_unlist_item_fail error_busi_cannot_edit_vsku error_busi_cannot_delist_reviewing_or_banned_item"
            " error_set_normal_unlisted_item error_item_uneditable error_busi_cannot_delete_default_model"
        ),
    ),
    (
        _FIELD,
        (
            "error_param error_param_validate error_check_luc_fail error_video_info_not_found error_nil_item_in_req"
            " order_list_invalid_time error_invalid_language error_query_over_itemid_size error_query_condition_list_limit"
            " error_query_query_limit_too_large"
        ),
    ),
)
TABLE: Final[dict[str, Rule]] = {code: rule for rule, codes in _GROUPS for code in codes.split()}
# (code, words in the message in lower case, rule): the first that fits wins over the table.
_MEANINGS: Final = (
    ("error_auth", "stock", _STOCK),
    ("error_auth", "location_id", _STOCK),
    ("error_auth", "holiday", _HOLIDAY),
    ("error_auth", "try again later", _FAULT),
    ("error_auth", "permission", _PERMISSION),
    ("error_auth", "restricted", _PERMISSION),
    ("error_auth", "cannot edit", _STATE),
    ("error_auth", "can not", _STATE),
    ("error_auth", "phone number", _SHOP),
    ("error_auth", "app is deleted", _KEY),
    ("error_auth", "partner_id is invalid", _KEY),
    ("error_auth", "refresh_token", _RECONNECT),
    ("error_param", "timestamp", _CLOCK),
    ("error_param", "access_token", _TOKEN),
    ("error_param", "refresh_token", _RECONNECT),
    ("error_param", "partner_id", _KEY),
    ("error_param", "sign in query", _KEY),
    ("error_param", "permission denied", _PERMISSION),
    ("error_param", "logistic", _LOGISTIC),
    ("error_param", "category", _CATEGORY),
    ("error_param", "attribute", _ATTRIBUTE),
    ("error_param", "image", _PICTURE),
    ("error_param", "stock", _STOCK),
    ("error_inner", "stock location", _STOCK),
    ("error_server", "normal stock must be", _STOCK),
    ("error_busi", "warehouse", _STOCK),
)
_FAILED_REASONS: Final = (
    ("not found", _GONE),
    ("not exist", _GONE),
    ("deleted", _GONE),
    ("promotion", _PROMOTION),
    ("reviewing", _STATE),
    ("banned", _STATE),
    ("try", _TRY_AGAIN),
)
_HTTP_RATE: Final = 429
_BY_STATUS: Final = {401: _TOKEN, 403: _PERMISSION}  # a gateway in front of the API answers without a code
_HTTP_FAULT: Final = 500


def rule_of(code: str, message: str = "", status: int = 200) -> Rule:
    """Return what an error means; `status` speaks only where the code is none of Shopee's."""
    bare = code if code in TABLE else code.rsplit(".", 1)[-1]
    words = message.lower()
    for known, part, rule in _MEANINGS:
        if bare == known and part in words:
            return rule
    if bare in TABLE:
        return TABLE[bare]
    if not code and status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == _HTTP_RATE:
        return _RATE
    return _FAULT if status >= _HTTP_FAULT else _UNKNOWN


def error_of(code: str, message: object, status: int, *secrets: str) -> ProviderError:
    """Return the error of a failed call; its text repeats no secret."""
    words = quoted(message, *secrets)
    return ProviderError(rule_of(code, str(message or ""), status), quoted(code, *secrets) or f"http_{status}", words)


def item_error(reason: object) -> ProviderError:
    """Return the error of one item in a `failure_list`, where Shopee gives words instead of a code."""
    words = quoted(reason)
    rule = next((rule for part, rule in _FAILED_REASONS if part in words.lower()), _FIELD)
    return ProviderError(rule, "failed_reason", words)
