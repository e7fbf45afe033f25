"""The Dinas's own site: promotion pages and open feeds that anyone may reuse (TTS Ps. 7(1), Blitar Ps. 9(1))."""
