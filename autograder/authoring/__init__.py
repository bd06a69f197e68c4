"""Certifies a lab: its hidden tests are tested, by everything that they should tell apart.

- `tasks`: what a notebook's test cells grade.
- `trials`: every declared mistake, right variant and stub, graded for simulated students.
- `solution_run`: the lab's own solution through the real grader, and generic mutants of it
  (`mutations`, `mutation_operators`), whose survivors an author explains (`survivors`).
- `released`: the untouched release through the real grader.
- `stored_cases`, `case_selection`: the cases that ship with coursekit for a student's own checks.
- `certificate`: counts, faults and the exit code; `certify` puts all of it together.
"""

from autograder.authoring.certificate import Certificate, as_json
from autograder.authoring.certify import certify_lab, chosen_labs
from autograder.authoring.trials import STUDENTS, TrialResult, leaked_number, run_trials, undeclared

__all__ = [
    "STUDENTS",
    "Certificate",
    "TrialResult",
    "as_json",
    "certify_lab",
    "chosen_labs",
    "leaked_number",
    "run_trials",
    "undeclared",
]
