"""Mails on a narrow phone: nothing scrolls sideways, whatever a product is called, with its pictures or without."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from marketing.templates.compiler import compile_email
from tests.browser.conftest import overhang
from tests.support.every_mail import every_mail

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

ENDLESS = ("W" * 120, "https://" + "a" * 112, "مصنوعات يدوية من تيمور " * 5, "🧺" * 120)


def test_no_mail_scrolls_sideways_at_360_px(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    page.route("**/*", lambda route: route.abort())
    for mail in every_mail():
        if mail.profile.id != "tts" or mail.language != "id":
            continue
        versions = {"": mail.email.html}
        context: Any = mail.context
        if products := getattr(context, "products", ()):
            compiled = compile_email(mail.email.email_type, mail.name.partition("-")[0], mail.language)
            cards = tuple(replace(products[0], name=name, business=name, alt=name) for name in ENDLESS)
            versions |= {
                str(count): compiled.render(replace(context, products=(cards * 2)[:count])).html
                for count in (1, 2, 4, 7)
            }
        for version, html in versions.items():
            page.set_content(html)
            assert (found := overhang(page)) <= 0, f"{mail.name} {version}: {found} px"
    page.close()
