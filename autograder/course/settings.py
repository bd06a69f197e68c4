"""What an ``nbgrader_config.py`` can say about grading."""

from __future__ import annotations

from dataclasses import replace

from nbgrader.preprocessors import Execute
from traitlets import Bool, Enum, Float, Int, Unicode
from traitlets.config import Configurable

from autograder.sandbox.limits import Limits

_TIMES = ("cell_seconds", "call_seconds", "submission_seconds")
_CELLS_OF_FULL_LENGTH = 10
"""Cells that may take all of nbgrader's ``Execute.timeout``, which knows no limit for the whole."""


class Grading(Configurable):
    """What an ``nbgrader_config.py`` can say about grading, as ``c.Grading.<name>``."""

    isolation = Enum(
        ("bubblewrap", "process"),
        default_value="bubblewrap",
        help="'process' grades without a sandbox around files and network.",
    ).tag(config=True)
    gpu = Bool(
        False, help="Whether submissions may use a GPU; its devices are in the sandbox then."
    ).tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Wall time of one cell.").tag(config=True)
    call_seconds = Float(
        Limits.call_seconds, help="Wall time of one call that a hidden test makes."
    ).tag(config=True)
    submission_seconds = Float(
        Limits.submission_seconds, help="Wall time of a submission's cells and calls together."
    ).tag(config=True)
    test_seconds = Int(
        Limits.test_seconds, min=1, help="Processor time of one hidden test on what came back."
    ).tag(config=True)
    tests = Enum(
        ("any", "outside"),
        default_value="any",
        help="'outside' refuses a test that can only be run in the student's kernel, where a "
        "submission can forge what it says; otherwise such a test is named in each report.",
    ).tag(config=True)
    state_directory = Unicode(
        ".autograder", help="Folder of verdicts and of the grading secret, in the course's root."
    ).tag(config=True)

    def limits(self) -> Limits:
        """Return the configured limits, nbgrader's ``Execute.timeout`` included."""
        times = {name: getattr(self, name) for name in _TIMES}
        if "timeout" in self.config.Execute:
            asked = Execute(config=self.config).timeout or 0  # none: no limit but the submission's
            cell = asked if asked > 0 else Limits.submission_seconds
            whole = max(Limits.submission_seconds, _CELLS_OF_FULL_LENGTH * cell)
            meant = dict(zip(_TIMES, (cell, cell, whole), strict=True))
            times |= {name: meant[name] for name in _TIMES if name not in self.config.Grading}
        return replace(Limits(), gpu=self.gpu, test_seconds=self.test_seconds, **times)
