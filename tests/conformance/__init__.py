import pytest

pytest.register_assert_rewrite("tests.conformance.channel_suite")
