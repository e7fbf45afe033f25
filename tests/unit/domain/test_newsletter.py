"""The blocks of a newsletter: kept as they were written, but for what could deceive; wrong and missing told apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.audience import is_addressed
from marketing.domain.campaign import AudienceFilter, CampaignContent
from marketing.domain.newsletter import (
    KINDS,
    MAX_BODY,
    Article,
    Block,
    Happening,
    MarketNote,
    Shelf,
    block_json,
    block_of,
    gaps,
    headings,
    links_of,
    read_day,
    read_hour,
    tidied,
    words_of,
    wrongs,
)
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose

texts = st.text(max_size=80)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Article, texts, texts, texts, st.none() | st.integers(1, 10**12)),
    st.builds(MarketNote, texts, texts, texts, texts, texts),
    st.builds(Happening, texts, texts, texts, texts, texts, texts),
    st.just(Shelf()),
)
WHOLE: tuple[Block, ...] = (
    Article("Judul", "Isi", "https://contoh.example/a", 7),
    MarketNote("Kemiri", "Rp1", "Pasar", "2026-11-20"),
    Shelf(),
    Happening("Pasar", "Alun-alun", "2026-12-12", "08:00", "Gratis", "http://contoh.example/"),
)


def content(**changes: Any) -> CampaignContent:
    values: dict[str, Any] = {
        "email_type": EmailType.NEWSLETTER,
        "variant": "buletin",
        "subject": "S",
        "preheader": "",
        "headline": "H",
        "body": "B",
        "product_ids": (7,),
        "channels": (ChannelName.EMAIL,),
    }
    return CampaignContent(**(values | changes))


@given(st.lists(blocks, max_size=5), st.booleans())
def test_a_version_gives_back_what_was_kept(written: list[Block], archived: bool) -> None:
    kept = content(blocks=tuple(written), archived=archived)
    assert CampaignContent.from_json(kept.to_json()) == kept


def test_older_versions_have_no_blocks_and_newer_fields_are_left_out() -> None:
    raw = content(blocks=WHOLE).to_json()
    del raw["blocks"], raw["archived"]
    assert CampaignContent.from_json(raw).blocks == ()
    assert block_of({**block_json(WHOLE[0]), "color": "red"}) == WHOLE[0]
    with pytest.raises(ValueError, match="unknown block"):
        block_of({"kind": "video"})


@given(blocks)
def test_tidying_is_done_once_and_leaves_one_line_where_one_is_meant(block: Block) -> None:
    clean = tidied(block)
    assert tidied(clean) == clean
    for word in words_of((clean,)):
        assert "\u202e" not in word
        assert "\0" not in word
        assert "\r" not in word
    assert all("\n" not in title for title in headings((clean,)))


def test_whole_blocks_have_no_fault() -> None:
    assert wrongs(WHOLE) == gaps(WHOLE) == ()
    assert links_of(WHOLE) == ("https://contoh.example/a", "http://contoh.example/")
    assert headings(WHOLE) == ("Judul", "Pasar")


@given(st.lists(blocks, max_size=4))
def test_every_fault_names_a_field_that_the_block_has(written: list[Block]) -> None:
    for fault in (*wrongs(written), *gaps(written)):
        assert fault.text
        if fault.field:
            assert hasattr(written[fault.index], fault.field)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//contoh.example", "mailto:a@b.example", "https://a b", "x"])
def test_only_plain_web_addresses_are_links(link: str) -> None:
    (fault,) = wrongs((Article("J", "I", link),))
    assert (fault.index, fault.field) == (0, "link")
    assert links_of((Article("J", "I", link),)) == ()


@pytest.mark.parametrize("kind", KINDS.values())
def test_an_empty_block_may_be_kept_but_not_sent(kind: type[Block]) -> None:
    assert wrongs((kind(),)) == ()
    assert bool(gaps((kind(),))) == (kind is not Shelf)


def test_limits() -> None:
    assert wrongs((Article("J", "x" * MAX_BODY),)) == ()
    assert wrongs((Article("J", "x" * (MAX_BODY + 1)),))[0].field == "body"
    assert "terlalu panjang untuk satu surel" in wrongs((Article("J", "<" * MAX_BODY),) * 4)[-1].text
    assert "Paling banyak 20" in wrongs((Article("J", "I"),) * 21)[0].text
    assert [fault.index for fault in wrongs((Shelf(), Article("J", "I"), Shelf()))] == [2]


@given(st.text(max_size=12))
def test_days_and_hours_are_read_strictly(text: str) -> None:
    day, hour = read_day(text), read_hour(text)
    assert day is None or day.isoformat() == text
    assert hour is None or f"{hour:%H:%M}" == text


@given(st.sampled_from(BuyerKind), st.sampled_from([None, *Purpose]), st.sets(st.sampled_from(BuyerKind), max_size=2))
def test_the_public_task_reaches_registered_businesses_whatever_the_filter_says(
    kind: BuyerKind, purpose: Purpose | None, kinds: set[BuyerKind]
) -> None:
    addressed = is_addressed(AudienceFilter(kinds=tuple(kinds)), purpose, kind, {})
    registered = kind in (BuyerKind.PELAKU_UMKM, BuyerKind.PENYEDIA)
    assert addressed == ((not kinds or kind in kinds) and (purpose is not Purpose.SOSIALISASI or registered))
