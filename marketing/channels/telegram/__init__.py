"""The Dinas's Telegram channel, an addition to the regulation's list."""
