"""Sample contents for looking at the templates: invented businesses, addresses that lead nowhere."""
