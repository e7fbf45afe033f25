"""Brand style sheets, states and small computations behind the pages."""

from dataclasses import replace

import pytest

from marketing.domain.types import ChannelName, EmailType
from marketing.tenants.profile import load_profiles, profile_of
from marketing.web import assets, paths
from marketing.web.render import environment, share
from marketing.web.views import states
from marketing.web.views.home import BarChart


@pytest.mark.parametrize("tenant", load_profiles())
def test_brand_sheet_names_colour_and_both_bands_that_exist(tenant: str) -> None:
    profile = profile_of(tenant)
    sheet = assets.brand_stylesheet(profile)
    assert f"--brand: {profile.brand_color};" in sheet
    for ending in ("", "-tegak"):
        assert f"/static/img/{profile.band}{ending}.svg" in sheet
        assert (assets.STATIC / "img" / f"{profile.band}{ending}.svg").is_file()


@pytest.mark.parametrize("colour", ["red; } body { display: none", "#12345", "url(x)"])
def test_brand_sheet_refuses_what_is_not_a_colour(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        assets.brand_stylesheet(replace(profile_of("tts"), brand_color=colour))


def test_assets_change_their_address_with_their_content() -> None:
    assert assets.asset("css/siar.css").startswith("/static/css/siar.css?v=")
    assert assets.asset("js/tabs.mjs") != assets.asset("js/live.mjs")


def test_every_channel_and_email_type_has_a_name() -> None:
    drawings = environment().get_template("_icons.html").module.drawings  # type: ignore[attr-defined]
    for channel in ChannelName:
        assert states.channel_label(channel)
        assert states.channel_icon(channel) in drawings
    for kind in EmailType:
        assert states.email_type_label(kind)


def test_every_state_has_a_word_and_a_drawn_icon() -> None:
    drawings = environment().get_template("_icons.html").module.drawings  # type: ignore[attr-defined]
    for state in (
        *("draft", "in_review", "approved", "scheduled", "sending", "sent", "paused", "cancelled", "failed"),
        *("queued", "accepted", "delivered", "bounced", "complained", "deferred", "skipped", "unknown"),
        *("submitting", "pending", "published", "unconfirmed", "awaiting_human", "withdrawn"),
    ):
        chip = states.chip_of(state)
        assert chip.label
        assert chip.icon in drawings


def test_listing_leaves_empty_filters_out() -> None:
    assert paths.listing("/kampanye", q="", keadaan="sent", hal=None) == "/kampanye?keadaan=sent"


@pytest.mark.parametrize(
    ("values", "top"), [((), 2), ((0, 0), 2), ((1, 2), 2), ((3,), 4), ((9,), 10), ((11,), 20), ((100,), 100)]
)
def test_chart_scale_holds_every_bar(values: tuple[int, ...], top: int) -> None:
    chart = BarChart("", "", values, "", "")
    assert chart.top == top
    assert all(20 <= bar.y <= 150 for bar in chart.bars)
    assert sum(bar.peak for bar in chart.bars) == bool(values and max(values))


@pytest.mark.parametrize(("part", "whole", "words"), [(0, 0, "–"), (0, 10, "0%"), (1, 3, "33,3%"), (1, 5000, "< 0,1%")])
def test_share_never_shows_something_as_nothing(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words
