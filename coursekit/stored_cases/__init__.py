"""Fixed cases for a lab's visible tests, with the results that known mistakes give for them.

Each lab has a file of plain data: calls, right results, and for each mistake its sentence and short
fingerprints of its results. `autograder store-cases` generates the files from the hidden tests'
declarations; hidden tests themselves draw other cases for every student.
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
