"""Who carries the mail; each provider implements `base.Provider`."""
