"""The demo: two Daerah on generated catalogues, the whole job from pull to click, on the real parts."""
