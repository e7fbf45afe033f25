"""E-mail: from one finished `OutboundEmail` to the relay, over replaceable providers (TTS Ps. 7(3))."""
