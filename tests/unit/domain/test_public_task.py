"""Sosialisasi is told apart from promotion by what it holds and to whom it goes."""

from dataclasses import replace

import pytest

from marketing.domain.campaign import AudienceFilter, CampaignContent
from marketing.domain.permission import PURPOSE_OF
from marketing.domain.public_task import VARIANT, misfits, promotes, purpose_of
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose

EDITION = CampaignContent(
    email_type=EmailType.NEWSLETTER,
    variant=VARIANT,
    subject="Pelatihan P-IRT",
    preheader="",
    headline="Pelatihan P-IRT di SoE",
    body="Rabu, 2 Desember. Daftar di https://dinas.example/pelatihan",
    product_ids=(),
    channels=(ChannelName.EMAIL,),
    audience=AudienceFilter(kinds=(BuyerKind.PELAKU_UMKM,)),
)


def test_only_the_variant_of_the_newsletter_rests_on_the_public_task() -> None:
    assert purpose_of(EmailType.NEWSLETTER, VARIANT) is Purpose.SOSIALISASI
    for kind in EmailType:
        assert purpose_of(kind, "bulanan") is PURPOSE_OF[kind]
    assert purpose_of(EmailType.PROMOTIONAL, VARIANT) is Purpose.PROMOTIONAL  # no promotion hides behind the name


def test_news_for_businesses_fits() -> None:
    assert misfits(EDITION) == ()
    assert misfits(replace(EDITION, audience=AudienceFilter())) == ()  # whoever is no business is left out one by one


@pytest.mark.parametrize(
    ("edition", "word"),
    [
        (replace(EDITION, product_ids=(1,)), "produk"),
        (replace(EDITION, body="Lihat https://siar.example/galeri/tts/PRODUK/7"), "produk"),
        (replace(EDITION, subject="siar.example/galeri/tts/promo/ab"), "produk"),
        (replace(EDITION, audience=AudienceFilter(kinds=(BuyerKind.PELAKU_UMKM, BuyerKind.MASYARAKAT))), "pelaku UMKM"),
        (replace(EDITION, channels=(ChannelName.EMAIL, ChannelName.FACEBOOK)), "diterbitkan"),
    ],
)
def test_what_promotes_or_goes_to_others_is_no_sosialisasi(edition: CampaignContent, word: str) -> None:
    (said,) = misfits(edition)
    assert word in said
    assert promotes(edition) is (word == "produk")
