"""Tools around the tests, run by hand or by other tests."""
