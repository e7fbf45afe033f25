"""TikTok Shop Partner API; Tokopedia's sellers are served by the same one."""
