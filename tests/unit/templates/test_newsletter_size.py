"""The heaviest newsletter that may be kept is not cut off by Gmail, with all its products."""

from dataclasses import replace

import pytest

from marketing.delivery.newsletter_parts import newsletter_parts
from marketing.domain.campaign import CampaignContent
from marketing.domain.newsletter import MAX_BLOCKS, Article, Block, Happening, MarketNote, headings, wrongs
from marketing.domain.types import ChannelName, EmailType
from marketing.templates.compiler import compile_email
from marketing.templates.samples.newsletter import newsletter
from marketing.tenants.profile import profile_of

LINK = "https://siar.example/k/" + "a" * 40
GMAIL = 102_000


def heaviest(sample: Block) -> tuple[Block, ...]:
    """Return as many of these blocks as may be kept."""
    for number in range(MAX_BLOCKS, 0, -1):
        if not wrongs((sample,) * number):
            return (sample,) * number
    raise AssertionError("one alone is too heavy")


@pytest.mark.parametrize(
    "sample",
    [
        Article("J" * 60, "kata " * 20, LINK, 1),
        Article("J" * 100, "baris\n" * 600, LINK),
        Article("J", "<&>\"' " * 600),
        Happening("J" * 100, "Alun-alun", "2026-12-12", "08:00", "baris\n\n" * 100, LINK),
        MarketNote("L" * 100, "Rp1 – Rp2", "S" * 100, "2026-11-20"),
    ],
    ids=["many articles", "many lines", "much to escape", "events", "figures"],
)
def test_the_heaviest_issue_arrives_whole(sample: Block) -> None:
    profile, blocks = profile_of("tts"), heaviest(sample)
    content = CampaignContent(
        EmailType.NEWSLETTER, "buletin", "S", "P", "H", "B" * 1_000, (1,), (ChannelName.EMAIL,), blocks=blocks
    )
    context = newsletter(profile)
    picture = (f"https://siar.example/gambar/{'a' * 64}.lanskap.jpg", "Gambar produk")
    issue = replace(
        context,
        products=(context.products * 5)[:10],
        body=content.body,
        parts=newsletter_parts(content, profile, picture=lambda _row_id: picture),
        contents=headings(blocks),
    )
    mail = compile_email(EmailType.NEWSLETTER, "buletin").render(issue)
    assert len(mail.html.encode()) < GMAIL
