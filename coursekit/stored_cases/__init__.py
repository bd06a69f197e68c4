"""Fixed cases for a lab's visible tests, with what known mistakes would answer to them.

A file a lab, of plain data: calls, right answers, and of each mistake its sentence and a short
`fingerprint` of its answers. The hidden tests' declarations make them (`autograder store-cases`);
hidden tests themselves draw other cases for every student.
"""

from coursekit.stored_cases.error_kinds import Agreement, agreement, error_code
from coursekit.stored_cases.files import (
    StoredCase,
    StoredExercise,
    folder,
    load,
    names_in,
    of_function,
)
from coursekit.stored_cases.fingerprints import Fingerprint, fingerprint, same
from coursekit.stored_cases.plain import from_plain, to_plain

__all__ = [
    "Agreement",
    "Fingerprint",
    "StoredCase",
    "StoredExercise",
    "agreement",
    "error_code",
    "fingerprint",
    "folder",
    "from_plain",
    "load",
    "names_in",
    "of_function",
    "same",
    "to_plain",
]
