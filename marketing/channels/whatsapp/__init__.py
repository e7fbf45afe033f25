"""The shared WhatsApp group, served by a person who presses send (TTS Ps. 7(2)a)."""
