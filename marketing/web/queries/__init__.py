"""What pages read: SELECTs of one tenant, returned as plain values. Nothing here changes anything."""
