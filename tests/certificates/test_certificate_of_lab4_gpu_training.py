"""The certificate of lab4_gpu_training."""

from tests.certificates.certifying import check_certificate, is_long

pytestmark = is_long


def test_it_is_certified() -> None:
    check_certificate("lab4_gpu_training", students=5)  # each takes four seconds
