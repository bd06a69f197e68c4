"""What is known of a lab's tests before anybody is graded by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TestModes:
    """How the test cells of a lab are run.

    Args:
        trace: what the lab's own solution did in each test, by id.
        in_kernel: ids of the tests that run in the student's kernel.
        is_solution: whether this is the run of the lab's own solution.
    """

    trace: Mapping[str, Sequence[str]] = field(default_factory=dict)
    in_kernel: frozenset[str] = frozenset()
    is_solution: bool = False


@dataclass(frozen=True)
class LabCheck:
    """What runs of a lab's own notebook show of its tests.

    Args:
        broken: why test cells are broken, by id; they give no score.
        trace: what the solution did in each test, by id; see `autograder.examiner.solution_trace`.
        in_kernel: test cells that run in the student's kernel, where what they say can be forged,
            because the solution passes them there and not from outside: why, by id.
        too_easy: wrong answers that earn all points of a test cell, by id.
    """

    broken: Mapping[str, str] = field(default_factory=dict)
    trace: Mapping[str, list[str]] = field(default_factory=dict)
    in_kernel: Mapping[str, str] = field(default_factory=dict)
    too_easy: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def modes(self) -> TestModes:
        """How the tests of a submission are run."""
        return TestModes(self.trace, frozenset(self.in_kernel))

    def findings(self) -> Iterator[tuple[str, str]]:
        """Yield what the lab's author should know: a test's id and a sentence."""
        for name, why in self.broken.items():
            yield name, f"is broken, so nobody is scored by it: {why}"
        for name, why in self.in_kernel.items():
            yield (
                name,
                "runs in the student's kernel, where a submission can forge what it says, because "
                f"it cannot be examined from outside ({why}). Compare plain values that an answer "
                "returns, made of names that the test or a locked cell binds",
            )
        for name, answers in self.too_easy.items():
            yield name, f"gives all its points to {', '.join(answers)}"
