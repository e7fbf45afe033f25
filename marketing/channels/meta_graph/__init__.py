"""Meta's Graph API, as the Facebook and the Instagram channel speak it."""
