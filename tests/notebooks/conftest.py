"""What the tests of notebooks share."""

import pytest

pytest.register_assert_rewrite("tests.notebooks.lab_tests")
