"""TikTok photo posts, finished by a person in the app (TTS Ps. 7(2)c)."""
