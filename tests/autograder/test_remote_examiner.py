"""The process that examines a submission: its limits, its end, and what stays behind it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.errors import KernelDied, SandboxLost, StudentTimeout
from autograder.examiner.given import Given
from autograder.examiner.messages import Examined, Request
from autograder.examiner.remote import ExaminerServer, RemoteExaminer
from autograder.sandbox.limits import Limits

LIMITS = Limits(test_seconds=1, test_bytes=2**28)


@pytest.fixture(scope="module")
def server() -> Iterator[ExaminerServer]:
    made = ExaminerServer(["numpy", "no_such_module"])
    yield made
    made.close()


def _examiner(server: ExaminerServer, *given: str, student: str = "ada") -> RemoteExaminer:
    code = Given.from_sources(given, ["def f(): pass"])
    files = {"table.txt": b"1,2"}
    cases = ("secret", student)
    return RemoteExaminer(server, code, files=files, cases=cases, seed=3, limits=LIMITS)


def _no_kernel(text: str, what: str) -> str:
    raise KernelDied("there is no kernel")


def _examined(examiner: RemoteExaminer, test: str) -> Examined:
    return examiner.examine(Request("test", test, 2.0), _no_kernel)


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ("'x' * 10**10", "out_of_memory"),
        ("import numpy as np\nnp.ones(10**15)", "out_of_memory"),
        ("import numpy as np\nnp.ones(10**8)", "out_of_memory"),
        ("kept = []\nwhile True:\n    kept.append(' ' * 10**6)", "out_of_memory"),
        ("while True:\n    pass", "timeout"),
        ("from decimal import Decimal\nround(Decimal('1E+99999999'))", "timeout"),
        (
            "class Same:\n    def __hash__(self): return 1\n{Same() for _ in range(10**6)}",
            "timeout",
        ),
        ("import os\nos._exit(0)", "failed"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "failed"),
        ("f()", "student_error"),
        ("def deep(n): return deep(n + 1)\ndeep(0)", "failed"),
        ("raise SystemExit", "failed"),
    ],
)
def test_what_a_value_makes_a_test_do_costs_that_test_alone(
    test: str, outcome: str, server: ExaminerServer
) -> None:
    with _examiner(server) as examiner:
        assert _examined(examiner, test).mark.outcome == outcome
        assert _examined(examiner, "assert 1 + 1 == 2").mark.outcome == "passed"


def test_nothing_of_one_examination_is_there_in_the_next(server: ExaminerServer) -> None:
    with _examiner(server) as examiner:
        spoiled = (
            "import builtins, numpy as np, os, sys\nos.environ['LEFT'] = 'x'\n"
            "np.allclose = lambda *args: True\nbuiltins.abs = lambda x: 0\n"
            "sys.path.insert(0, 'nowhere')\nopen('left.txt', 'w').close()"
        )
        assert _examined(examiner, spoiled).mark.outcome == "passed"
    clean = (
        "import builtins, numpy as np, os, sys\nassert 'LEFT' not in os.environ\n"
        "assert not np.allclose(1, 2) and abs(-1) == 1 and 'nowhere' not in sys.path\n"
        "assert os.listdir() == ['table.txt'] and open('table.txt').read() == '1,2'"
    )
    with _examiner(server) as examiner:
        found = _examined(examiner, clean)
    assert found.mark.outcome == "passed", (found.bug, found.where)


def test_a_students_random_numbers_are_the_same_on_a_regrade(server: ExaminerServer) -> None:
    draw = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    drawn = []
    for student in ("ada", "ada", "bo"):
        with _examiner(server, student=student) as examiner:
            request = Request("test", draw, 1.0, visible=(1, 2, 3))
            drawn.append(examiner.examine(request, _no_kernel).printed)
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0].strip()


def test_what_a_test_binds_stays_for_later_tests(server: ExaminerServer) -> None:
    with _examiner(server, "n = 3") as examiner:
        assert _examined(examiner, "m = n + 1").mark.outcome == "passed"
        assert _examined(examiner, "assert m == 4").mark.outcome == "passed"
        examiner.reset()
        assert "NameError" in _examined(examiner, "assert m == 4").bug


def test_a_failure_of_the_kernels_comes_as_it_is(server: ExaminerServer) -> None:
    def ask(text: str, what: str) -> str:
        raise StudentTimeout(2.5, "f")

    with _examiner(server) as examiner:
        mark = examiner.examine(Request("test", "f()", 2.0), ask).mark
    assert mark.outcome == "timeout"
    assert "f was stopped after 2.5 seconds" in mark.messages[0].text


def test_a_test_that_fails_of_itself_says_where(server: ExaminerServer) -> None:
    with _examiner(server) as examiner:
        found = _examined(examiner, "x = 1\n1 / 0")
    assert found.bug == "line 2, `1 / 0`: ZeroDivisionError: division by zero"
    assert found.where == "line 2, `1 / 0`"


def test_an_examiner_that_was_ended_from_outside_is_tried_again(server: ExaminerServer) -> None:
    with _examiner(server) as examiner:
        assert _examined(examiner, "n = 1").mark.outcome == "passed"
        below = psutil.Process(server._process.pid).children()
        (child,) = [p for p in below if p.status() != psutil.STATUS_ZOMBIE]
        os.kill(child.pid, signal.SIGKILL)
        assert _examined(examiner, "assert True").mark.outcome == "passed"


def test_a_server_that_has_ended_is_told_as_lost(tmp_path: Path) -> None:
    made = ExaminerServer()
    try:
        with _examiner(made) as examiner:
            assert _examined(examiner, "assert True").mark.outcome == "passed"
            made._process.kill()
            made._process.wait()
            with pytest.raises(SandboxLost):
                _examined(examiner, "assert True")
    finally:
        made.close()


def test_examiners_end_with_their_grader(server: ExaminerServer) -> None:
    made = ExaminerServer()
    examiner = _examiner(made)
    assert _examined(examiner, "assert True").mark.outcome == "passed"
    family = [*psutil.Process(made._process.pid).children(), psutil.Process(made._process.pid)]
    made.close()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
