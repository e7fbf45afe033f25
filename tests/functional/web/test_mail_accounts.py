"""The mail accounts on Kanal: how they are, where their data lie, and who may touch them."""

from dataclasses import replace

from marketing.domain.account import AccountState, MailProvider
from marketing.domain.types import Role
from marketing.mail.account_settings import Login, MailSettings
from tests.functional.web.visits import Enter
from tests.integration.email.scripted_relay import Rules, ScriptedRelay
from tests.support.sendgrid import KEY, free_port
from tests.support.world import TENANT, World

RELAY = MailSettings(location="Indonesia", host="127.0.0.1", tls="none")
SENDGRID = MailSettings(location="Amerika Serikat", host="https://api.sendgrid.com", weight=3)


def add(world: World, name: str, settings: MailSettings, secret: str = "") -> int:
    provider = MailProvider.SENDGRID if secret else MailProvider.SMTP
    return world.app.mail_accounts.add(TENANT, name, provider, settings, Login(secret))


def test_without_an_account_the_page_says_what_carries_the_mail(world: World, enter: Enter) -> None:
    page = enter(Role.MARKETER).page("/kanal")
    assert "Belum ada akun surel sendiri; surel keluar lewat kotak masuk lokal." in page
    assert "siar mail account add" not in page, "only an operator can"


def test_everyone_sees_how_accounts_are_and_where_data_lie_and_nobody_sees_a_key(world: World, enter: Enter) -> None:
    add(world, "relai <kantor>", RELAY)
    add(world, "SendGrid", SENDGRID, KEY)
    page = enter(Role.HEAD).page("/kanal")
    assert "relai &lt;kantor&gt;" in page
    assert "PP 71/2019 Ps. 20" in page
    assert page.count("PP 71/2019") == 1, "the relay's data stay at home"
    assert KEY not in page
    assert "/kanal/surel/" not in page


def test_an_operator_tries_pauses_and_goes_on(world: World, enter: Enter) -> None:
    visit = enter(Role.OPERATOR)
    with ScriptedRelay(Rules()) as relay:
        account = add(world, "relai", replace(RELAY, port=relay.port))
        assert "Akun surel menjawab dan menerima kami." in visit.page(visit.act(f"/kanal/surel/{account}/uji"))
    assert "Menunggu, karena" not in visit.page("/kanal")
    visit.act(f"/kanal/surel/{account}/jeda")
    assert "Menunggu, karena tidak ada akun aktif" in visit.page("/kanal")
    assert world.app.mail_accounts.standing(TENANT)[0].state is AccountState.PAUSED
    assert world.audited()[-1] == "mail_account.paused"
    visit.act(f"/kanal/surel/{account}/lanjutkan")
    assert world.app.mail_accounts.standing(TENANT)[0].state is AccountState.ACTIVE


def test_a_trial_that_fails_says_what_to_do(world: World, enter: Enter) -> None:
    account = add(world, "mati", replace(RELAY, port=free_port()))
    visit = enter(Role.OPERATOR)
    page = visit.page(visit.act(f"/kanal/surel/{account}/uji"))
    assert "Sambungan belum baik." in page
    assert "Periksa alamat, porta, dan jaringan" in page


def test_an_account_of_another_office_or_of_nobody_is_not_touched_here(world: World, enter: Enter) -> None:
    foreign = world.app.mail_accounts.add("blitar", "relai", MailProvider.SMTP, RELAY, Login())
    visit = enter(Role.OPERATOR)
    for number in (foreign, 4711):
        for act in ("uji", "jeda", "lanjutkan"):
            assert visit.post(f"/kanal/surel/{number}/{act}").status_code == 404
