"""Mail that comes back: what a returned, refused, complained-about or answered message says; no I/O but the mailbox's own."""
