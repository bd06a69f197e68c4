"""What the files beside this one share: each certifies one lab, so that two workers share them.

They are the one place where every mistake, every right way and every stub of a lab is graded.
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from autograder.authoring import certify_lab
from autograder.course.course import Course
from scripts.certificate_table import PAGE, row_of

ROOT = Path(__file__).resolve().parents[2]
is_long = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.timeout(2400)]


def check_certificate(lab: str, students: int = 20) -> None:
    """Fails with the certificate's text if a lab's tests do not tell right from wrong.

    A certificate forgives a mistake in twenty that has another's name, and one that costs students
    different points; our own labs have neither. By default it is made for four times as many
    students as a certificate asks for.
    """
    certificate = certify_lab(Course.load(ROOT), lab, students=students)
    text = StringIO()
    certificate.print(Console(width=120, file=text))
    assert certificate.holds, text.getvalue()
    assert not certificate.remarks, text.getvalue()
    row, page = row_of(certificate.data()), PAGE.read_text(encoding="utf-8")
    assert row in page, f"run python -m scripts.certificate_table: the row is now\n{row}"
