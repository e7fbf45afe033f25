"""The bots that people speak with, put together from the App."""

from marketing.bootstrap import App
from marketing.social.telegram_bot import TelegramBots
from marketing.social.telegram_line import TelegramLines


def bots_of(app: App) -> TelegramBots:
    """Return what deals with updates; nothing is called."""
    settings = app.settings
    return TelegramBots(
        app.database,
        app.queue,
        app.social.publishers,
        settings.sealer,
        app.signer,
        settings.signing_key,
        app.clock,
    )


def lines_of(app: App) -> TelegramLines:
    """Return what calls Telegram for the bots."""
    return TelegramLines(app.database, app.queue, app.social.publishers, bots_of(app), app.clock)
