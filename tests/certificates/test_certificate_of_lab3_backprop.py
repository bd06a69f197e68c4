"""The certificate of lab3_backprop."""

from tests.certificates.certifying import check_certificate, is_long

pytestmark = is_long


def test_it_is_certified() -> None:
    check_certificate("lab3_backprop")
