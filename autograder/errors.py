"""Every exception of the grader.

::

    AutograderError
    ├── StudentFailure          the submission's doing: it has a score
    │   ├── StudentError        the student's code raised
    │   ├── StudentTimeout      a call or a cell ran past its time limit
    │   ├── OutOfMemory         the kernel was ended by its memory limit
    │   ├── KernelDied          the kernel ended for another reason
    │   └── BadAnswer           what came back from the kernel is not plain data within the caps
    ├── UnreadableSubmission    there is no notebook to grade: no score, a reason
    │   └── MissingFile         there is no file of the name that was looked for
    └── GraderError             the grader's own doing, or the host's: never a score
        ├── HiddenTestBug       a hidden test itself is wrong
        ├── SandboxUnavailable  this host cannot isolate as asked
        ├── SandboxLost         the warm process ended under its kernels
        ├── LeakFound           a release holds what students must not see
        └── CourseError         the course's folders or configuration are not as needed
"""

from __future__ import annotations


class AutograderError(Exception):
    """Base of all that this package raises."""


class StudentFailure(AutograderError):
    """Something the submission did. It is reported to the student and scored."""


class StudentError(StudentFailure):
    """The student's code raised an exception.

    Args:
        type_name: name of the exception's type as the kernel told it, such as ``ValueError``.
        text: the exception's message.
        traceback: the student's own frames, ready to print; empty if there were none.
    """

    def __init__(self, type_name: str, text: str, traceback: str = "") -> None:
        super().__init__(f"{type_name}: {text}" if text else type_name)
        self.type_name = type_name
        self.text = text
        self.traceback = traceback

    def __str__(self) -> str:
        # Not the base's: one that is also a KeyError would put quotation marks around it.
        return f"{self.type_name}: {self.text}" if self.text else self.type_name


class StudentTimeout(StudentFailure):
    """A call into the student's code, or a cell of it, ran past its time limit.

    Args:
        seconds: the limit that was passed.
        what: what was running, such as ``conv2d`` or ``the cell``.
    """

    def __init__(self, seconds: float, what: str = "the call") -> None:
        super().__init__(f"{what} was stopped after {seconds:g} seconds")
        self.seconds = seconds
        self.what = what


class OutOfMemory(StudentFailure):
    """The kernel was ended because it passed its memory limit."""


class KernelDied(StudentFailure):
    """The kernel ended while it ran the student's code."""


class BadAnswer(StudentFailure):
    """What the kernel sent back is not plain data, or is larger than the caps allow."""


class UnreadableSubmission(AutograderError):
    """A submission holds nothing that can be graded; the text says why and what to do."""


class MissingFile(UnreadableSubmission):
    """A submission has no file of the name that was looked for."""


class GraderError(AutograderError):
    """The grader or the host failed. It is told to the instructor and never becomes a score."""


class HiddenTestBug(GraderError):
    """A hidden test raised something of its own, not an assertion about the answer."""


class SandboxUnavailable(GraderError):
    """This host does not offer the isolation that was asked for."""


class SandboxLost(GraderError):
    """The process that kernels are forked from has ended, and its kernels with it."""


class LeakFound(GraderError):
    """A release holds a solution, a hidden test or a trace of the grader."""


class CourseError(GraderError):
    """A folder, a file or a setting of the course is missing or wrong; the text says which."""
