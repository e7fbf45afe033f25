"""The Dinas's Facebook Page (TTS Ps. 7(2)b)."""
