"""Providers that keep their documented rules on a loopback port: for tests, and for a rehearsal without any account."""
