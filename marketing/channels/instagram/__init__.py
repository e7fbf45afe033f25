"""The Dinas's professional Instagram account (TTS Ps. 7(2)d)."""
