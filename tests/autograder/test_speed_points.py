"""Points for speed do not depend on how busy the machine is, nor on what else the kernel holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.errors import BadAnswer
from autograder.examiner.link import Link
from autograder.sandbox.inside._grading_parts import drawn_array
from autograder.sandbox.limits import Limits
from autograder.sandbox.processor import ProcessorUse
from autograder.sandbox.session import KernelSession
from benchmarks.speed_points import LOOPS, TASKS, VECTORISED, busy_machine, marks

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize(("function", "gradings"), [(LOOPS[-1], 2), (VECTORISED[0], 10)])
def test_many_gradings_on_a_busy_machine_give_one_value(
    name: str, function: str, gradings: int
) -> None:
    task = TASKS[name]
    with busy_machine(4):
        found = marks(task, function, gradings)
    points = task.points if function in VECTORISED else task.slow
    assert [float(mark) for mark in found] == [points] * gradings


ANSWERS = """
import numpy as np
seen = []
def same(x, factor, *, plus=0.0):
    seen.append(x)
    return factor * x + plus
def later(x, factor):
    global kept
    kept = np.zeros_like(x)
    return kept
def listed(x, factor):
    return (factor * x).tolist()
import _grading_agent
plain = _grading_agent._OPERATIONS["plain"]
def cheating(request):
    kept[:] = 1
    return plain(request)
"""
WORKERS = """
import os, threading, time
def work(x):
    began = time.process_time()
    while time.process_time() < began + 0.5:
        pass
    return x
def waits(x):
    time.sleep(0.1)
    return x
def in_a_new_process(x):
    child = os.fork()
    if not child:
        work(x)
        os._exit(0)
    os.waitpid(child, 0)
    return x
def in_a_new_thread(x):
    thread = threading.Thread(target=work, args=(x,))
    thread.start()
    thread.join()
    return x
(asked, asks), (answered, answers) = os.pipe(), os.pipe()
if not os.fork():
    while os.read(asked, 1):
        work(0)
        os.write(answers, b".")
def in_a_waiting_process(x):
    os.write(asks, b".")
    os.read(answered, 1)
    return x
def in_a_process_that_ends(x):
    in_a_waiting_process(x)
    os.close(asks)
    time.sleep(0.1)
    return x
"""


def test_a_timed_call_gives_what_an_ordinary_one_gives() -> None:
    with KernelSession(Limits()) as session:
        session.run_cell(ANSWERS)
        link = Link(session.ask)
        for dtype in ("<f4", "<f8"):
            x = drawn_array(5, (2, 3, 4), dtype)
            for name in ("same", "listed"):
                function = link.look_up(name)
                value, seconds = link.timed_call(function, 5, x, [2.0], {})
                assert seconds > 0
                assert type(value) is type(function(x, 2.0))
                np.testing.assert_array_equal(value, function(x, 2.0))


def test_seconds_are_the_processor_time_of_all_that_a_kernel_runs() -> None:
    """What others compute meanwhile is not a student's time; what a helper does for it is."""
    x = drawn_array(5, (2, 3), "<f4")
    with KernelSession(Limits()) as session:
        session.run_cell(WORKERS)
        link = Link(session.ask, clock=session.used)

        def seconds(name: str) -> float:
            return link.timed_call(link.look_up(name), 5, x, [], {})[1]

        assert min(seconds("waits") for _ in range(20)) < 0.05
        for name in ("work", "in_a_new_process", "in_a_new_thread", "in_a_waiting_process"):
            assert seconds(name) > 0.45, name
        assert seconds("in_a_process_that_ends") > 0.45


def test_an_array_that_is_filled_after_the_timed_call_counts_for_nothing() -> None:
    with KernelSession(Limits()) as session:
        session.run_cell(ANSWERS)
        link = Link(session.ask)
        x, function = drawn_array(5, (30, 30), "<f8"), link.look_up("later")
        assert not link.timed_call(function, 5, x, [2.0], {})[0].any()
        session.run_cell("_grading_agent._OPERATIONS['plain'] = cheating")
        with pytest.raises(BadAnswer, match="changed afterwards"):
            link.timed_call(function, 5, x, [2.0], {})


def test_work_may_be_missing_where_a_process_came_or_went() -> None:
    before = ProcessorUse(5_000_000_000, (70, 3, 4), 1000)
    used = ProcessorUse(5_250_000_000, (70, 3, 4), 1010)
    assert used.seconds_since(before) == 0.25
    for other in (
        replace(used, processes=(71, 3, 4)),
        replace(used, processes=(70, 3)),
        replace(used, begun=1100),
    ):
        assert other.seconds_since(before) is None
