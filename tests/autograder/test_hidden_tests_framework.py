"""The framework of the hidden tests, on toy exercises that have nothing to do with a lab."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from autograder.errors import (
    BadAnswer,
    HiddenTestBug,
    KernelDied,
    OutOfMemory,
    SandboxUnavailable,
    StudentError,
    StudentTimeout,
)
from autograder.examiner.first_loss import stop_at_first_loss
from autograder.examiner.seeding import cases_for, generator
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.declaration import FunctionExercise, JointExercise
from autograder.exercises.diagnosis import MistakeList
from autograder.exercises.sampling import distinguishing
from autograder.exercises.speed import SpeedTest
from autograder.nbgrader_plugin.panel import heading
from autograder.results.verdict import CellVerdict

mistakes = MistakeList()


def scaled(x, *, factor=1.0):
    return x * factor


@mistakes.add("the factor is forgotten: multiply by it.")
def factor_forgotten(x, *, factor=1.0):
    return x


@mistakes.add("the factor is used twice: multiply once.")
def factor_squared(x, *, factor=1.0):
    return x * factor**2


@mistakes.add("the sign is lost: do not take the size of x.")
def sign_lost(x, *, factor=1.0):
    return np.abs(x) * factor


def seven_more(x, *, factor=1.0):
    return x + 7.0


def draw(rng, *, shape=(2, 3), factor=None):
    x = rng.choice((-1.0, 1.0), shape) * rng.uniform(1.0, 2.0, shape)
    x.flat[0] = -1.5
    return Case((x,), {} if factor is None else {"factor": factor})


SCALED = FunctionExercise(
    name="scaled",
    points=10,
    reference=scaled,
    groups=(
        CaseGroup("basic", 0.4, (draw, partial(draw, shape=(4, 1)))),
        CaseGroup("factor", 0.6, tuple(partial(draw, factor=f) for f in (2.0, 3.0, 0.5))),
    ),
    mistakes=tuple(mistakes),
)


def of_either_sign(rng):
    return Case((rng.normal(size=2),))


def test_a_draw_is_repeated_until_it_shows_a_mistake():
    def right_by_chance(draw):
        cases = [draw(np.random.default_rng(seed)) for seed in range(100)]
        return sum(np.array_equal(scaled(*case.args), sign_lost(*case.args)) for case in cases)

    assert right_by_chance(of_either_sign) > 10
    assert right_by_chance(distinguishing(of_either_sign, scaled, sign_lost)) == 0


def test_a_mistake_that_no_case_shows_is_a_bug_of_the_test():
    never = distinguishing(of_either_sign, scaled, factor_forgotten)
    exercise = FunctionExercise("scaled", 1, scaled, (CaseGroup("basic", 1.0, (never,)),))
    with pytest.raises(HiddenTestBug, match="in each one of these is right: factor_forgotten"):
        exercise.grade(scaled)


def texts(mark, kind):
    return " ".join(message.text for message in mark.messages if message.kind == kind)


class Counting:
    """Calls a function and keeps count, with a failure from one call on."""

    def __init__(self, function, error, after):
        self.function, self.error, self.after, self.calls = function, error, after, 0

    def __len__(self):
        raise AssertionError("a proxy's length and truth are not to be asked for")

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.calls > self.after:
            raise self.error
        return self.function(*args, **kwargs)


def test_a_right_function_earns_exactly_all_points():
    mark = SCALED.grade(scaled)
    assert (mark, mark.outcome, mark.mistakes) == (10, "passed", ())
    assert "basic: 2 of 2, factor: 3 of 3" in texts(mark, "passed")


@pytest.mark.parametrize(
    ("function", "outcome", "named"),
    [
        (scaled, "passed", ()),
        (factor_forgotten, "partial", ("scaled/factor_forgotten",)),
        (seven_more, "failed", ()),
    ],
)
def test_an_exercise_without_points_is_judged_and_explained(function, outcome, named):
    ungraded = replace(SCALED, points=0)
    mark = ungraded.grade(function)
    assert (mark, mark.maximum, mark.outcome, mark.mistakes) == (0, 0, outcome, named)
    joint = JointExercise("both", (ungraded, replace(ungraded, name="again")))
    assert joint.grade(function, again=function).outcome == outcome
    half = joint.grade(scaled, again=function)
    assert (half, half.outcome) == (0, "passed" if function is scaled else "partial")
    shown = CellVerdict("t", float(mark), mark.maximum, mark.outcome)
    assert heading(shown).endswith("(not graded)")


def test_a_stub_is_not_attempted():
    def stub(x, *, factor=1.0):
        raise NotImplementedError

    mark = SCALED.grade(stub)
    assert (mark, mark.outcome) == (0, "not_attempted")
    assert "not written yet" in texts(mark, "problem")


def test_an_error_of_the_stubs_kind_that_says_something_is_no_stub():
    def only_for_one(x, *, factor=1.0):
        raise NotImplementedError("only for a factor of 1")

    mark = SCALED.grade(only_for_one)
    assert (mark, mark.outcome) == (0, "student_error")
    assert "NotImplementedError: only for a factor of 1" in texts(mark, "problem")
    assert "not written yet" not in texts(mark, "problem")


def test_points_follow_the_share_of_cases_in_each_group():
    def right_for_two(x, *, factor=1.0):
        return x * factor if factor in (1.0, 2.0) else x + 7.0

    mark = SCALED.grade(right_for_two)
    assert (float(mark), mark.outcome) == (6.0, "partial")
    assert "basic: 2 of 2" in texts(mark, "passed")
    assert "factor: 1 of 3" in texts(mark, "problem")


def test_right_values_in_another_shape_earn_half():
    flat = SCALED.grade(lambda x, factor=1.0: (x * factor).ravel())
    transposed = SCALED.grade(lambda x, factor=1.0: (x * factor).T)
    assert (float(flat), float(transposed)) == (5.0, 5.0)
    assert "earn half of a case" in texts(flat, "note")


def test_wrong_values_in_another_shape_earn_nothing():
    assert SCALED.grade(lambda x, factor=1.0: (x * factor + 1).ravel()) == 0


def test_the_mistake_is_named_and_the_smallest_case_described():
    mark = SCALED.grade(factor_forgotten)
    assert mark.mistakes == ("scaled/factor_forgotten",)
    assert texts(mark, "diagnosis") == (
        "This is what comes out when the factor is forgotten: multiply by it."
    )
    assert "scaled(x: (2, 3), factor=0.5)" in texts(mark, "problem")
    assert "next step" not in texts(mark, "problem")  # the diagnosis says it better


def test_of_two_mistakes_at_once_one_is_named_with_care():
    def both(x, *, factor=1.0):
        return np.abs(x) if factor > 2 else np.abs(x) * factor

    mark = SCALED.grade(both)
    assert mark.mistakes == ("scaled/sign_lost",)
    assert "This looks like what comes out when the sign is lost" in texts(mark, "diagnosis")


def test_a_mistake_that_nobody_declared_is_not_guessed():
    mark = SCALED.grade(lambda x, factor=1.0: x * factor + 0.1)
    assert (mark.mistakes, texts(mark, "diagnosis")) == ((), "")
    assert "next step" in texts(mark, "problem")


def test_a_mistake_that_is_wrong_where_the_student_is_right_is_not_certain():
    def forgotten_once(x, *, factor=1.0):
        return x if factor == 3.0 else x * factor

    assert "looks like" in texts(SCALED.grade(forgotten_once), "diagnosis")


def test_an_error_is_told_with_the_students_own_traceback():
    error = StudentError("ValueError", "bad \x1b[31mshape\x1b[0m", "in scaled\n  x.frob()")
    mark = SCALED.grade(Counting(scaled, error, after=0))
    assert (mark, mark.outcome) == (0, "student_error")
    assert "stopped with ValueError: bad shape" in texts(mark, "problem")
    assert mark.messages[-1].detail == "in scaled\n  x.frob()"


def test_a_plain_exception_is_the_students_under_stock_nbgrader():
    mark = SCALED.grade(lambda x, **_: x[99])
    assert mark.outcome == "student_error"
    assert "IndexError" in texts(mark, "problem")


@pytest.mark.parametrize(
    ("error", "outcome", "said"),
    [
        (StudentTimeout(5, "scaled"), "timeout", "took too long: scaled was stopped after 5"),
        (OutOfMemory(), "out_of_memory", "more memory"),
        (KernelDied(), "student_error", "ended the kernel"),
    ],
)
def test_nothing_is_called_after_a_failure_that_ends_the_kernel(error, outcome, said):
    at_once = Counting(scaled, error, after=0)
    later = Counting(scaled, error, after=2)
    assert SCALED.grade(at_once).outcome == outcome
    mark = SCALED.grade(later)
    assert (at_once.calls, later.calls) == (1, 3)
    assert (float(mark), mark.outcome) == (4.0, "partial")
    assert said in texts(mark, "problem")
    assert "2 more cases were not tried" in texts(mark, "problem")


def test_an_answer_that_could_not_be_read_costs_its_own_case_only():
    once = iter([True])

    def unreadable_first(x, *, factor=1.0):
        if next(once, False):
            raise BadAnswer("the array is too large")
        return x * factor

    mark = SCALED.grade(unreadable_first)
    assert float(mark) == 8.0
    assert "the array is too large" in texts(mark, "problem")


@pytest.mark.parametrize(
    ("function", "calls"), [(factor_squared, 3), (sign_lost, 1), (scaled, 5), (factor_forgotten, 3)]
)
def test_nothing_is_asked_after_the_first_loss_if_nobody_reads_more(function, calls):
    counting = Counting(function, AssertionError(), after=5)
    with stop_at_first_loss():
        mark = SCALED.grade(counting)
    assert (mark < 10) == (SCALED.grade(function) < 10)
    assert counting.calls == calls


def test_a_failure_of_the_grader_is_never_a_score():
    with pytest.raises(SandboxUnavailable):
        SCALED.grade(Counting(scaled, SandboxUnavailable("no namespaces"), after=0))


def test_a_broken_reference_is_the_graders_bug():
    broken = FunctionExercise(
        name="broken",
        points=1,
        reference=lambda x: x.frob(),
        groups=(CaseGroup("basic", 1.0, (draw,)),),
    )
    with pytest.raises(HiddenTestBug, match="cases of broken"):
        broken.grade(lambda x: x)


class EqualsEverything:
    """An answer that tries to look right; any use of it is noticed."""

    used = False

    def __eq__(self, other):
        type(self).used = True
        return True

    __hash__ = None  # type: ignore[assignment]

    def __array__(self, *args, **kwargs):
        type(self).used = True
        raise AssertionError("the grader asked a foreign object for an array")

    def __getattr__(self, name):
        type(self).used = True
        raise AttributeError(name)


class ArrayOfItsOwn(np.ndarray):
    def __eq__(self, other):
        return True

    __hash__ = None


def array_of_objects():
    array = np.empty(1, object)
    array[0] = EqualsEverything()
    return array


@pytest.mark.parametrize(
    "make",
    [
        EqualsEverything,
        lambda: [EqualsEverything()],
        lambda: {"x": EqualsEverything()},
        array_of_objects,
        lambda: np.zeros((2, 3)).view(ArrayOfItsOwn),
        lambda: scaled,
        lambda: None,
        lambda: "2",
        lambda: [[1.0], [2.0, 3.0]],
    ],
)
def test_an_answer_that_is_no_plain_data_earns_nothing_and_is_not_used(make, monkeypatch):
    monkeypatch.setattr(EqualsEverything, "used", False)
    mark = SCALED.grade(lambda *_, **__: make())
    assert (mark, mark.outcome) == (0, "failed")
    assert "type is not right" in texts(mark, "problem")
    assert not EqualsEverything.used


def test_float32_lists_and_fortran_order_are_right():
    for form in (np.float32, np.asfortranarray, np.ndarray.tolist):
        assert SCALED.grade(lambda x, factor=1.0, form=form: form(x * factor)) == 10


def test_nan_is_reported_as_such():
    mark = SCALED.grade(lambda x, **_: x * np.nan)
    assert "not all finite" in texts(mark, "problem")


def test_an_input_changed_in_place_is_told_and_costs_nothing():
    def in_place(x, *, factor=1.0):
        x *= factor
        return x

    mark = SCALED.grade(in_place)
    assert mark == 10
    assert "changes its input x in place" in texts(mark, "note")


@pytest.mark.parametrize("reported", [("x",), (0,)])
def test_a_proxy_tells_itself_which_inputs_were_changed(reported):
    proxy = Counting(scaled, None, after=99)
    proxy.last_call_changed_inputs = reported  # type: ignore[attr-defined]
    assert "changes its input x in place" in texts(SCALED.grade(proxy), "note")


def test_cases_differ_between_students_and_stay_on_a_regrade():
    def first(student):
        with cases_for("secret", student):
            return SCALED.questions(generator("scaled"))[0].case.args[0]

    assert np.array_equal(first("ada"), first("ada"))
    assert not np.array_equal(first("ada"), first("bob"))


@pytest.mark.parametrize("share", [0.5, 1.1])
def test_shares_that_do_not_sum_to_1_are_refused(share):
    with pytest.raises(ValueError, match="share"):
        FunctionExercise("bad", 1, scaled, (CaseGroup("basic", share, (draw,)),))


def test_a_joint_exercise_adds_its_parts_up():
    other = FunctionExercise("other", 4, scaled, SCALED.groups)
    joint = JointExercise("joint", (SCALED, other))
    mark = joint.grade(factor_forgotten, other=scaled)
    assert (float(mark), mark.maximum, mark.outcome) == (8.0, 14, "partial")
    assert mark.mistakes == ("scaled/factor_forgotten",)
    with pytest.raises(HiddenTestBug, match="joint"):
        joint.grade(scaled)


def loop_sum(x):
    total = 0.0
    for value in x.tolist():
        total += value
    return total


def numpy_sum(x):
    return x.sum()


TIMED = FunctionExercise(
    name="total",
    points=10,
    reference=numpy_sum,
    groups=(CaseGroup("basic", 0.5, (lambda rng: Case((rng.normal(size=5),)),)),),
    speed=SpeedTest(
        share=0.5,
        draw=lambda rng: Case((rng.normal(size=300_000),)),
        loop=loop_sum,
        times=5,
        hint="Use np.sum.",
    ),
)


def test_a_fast_function_earns_the_points_for_speed():
    mark = TIMED.grade(numpy_sum)
    assert mark == 10
    assert "total is more than 5 times as fast as our loop version" in texts(mark, "passed")


def test_a_loop_earns_the_points_for_being_right_alone():
    mark = TIMED.grade(loop_sum)
    assert (float(mark), mark.outcome) == (5.0, "partial")
    assert "Use np.sum." in texts(mark, "problem")


def test_nothing_lies_between_no_points_for_speed_and_all_of_them():
    assert {TIMED.speed.credit(ratio) for ratio in np.linspace(0, 4.999, 50)} == {0.0}
    assert {TIMED.speed.credit(ratio) for ratio in np.linspace(5, 500, 50)} == {1.0}


def test_each_call_of_a_speed_test_gets_an_input_of_its_own():
    seen = []

    def remembers(x):
        seen.append(x.tobytes())
        return loop_sum(x)

    TIMED.grade(remembers)
    assert len(seen) == len(set(seen)) >= 4


def test_no_function_of_the_students_is_a_yardstick():
    with pytest.raises(HiddenTestBug, match="knows no function baseline"):
        TIMED.grade(numpy_sum, baseline=loop_sum)


def test_speed_counts_only_once_all_is_right():
    mark = TIMED.grade(np.max)
    assert mark == 0
    assert "measured once all cases are right" in texts(mark, "problem")


pair_mistakes = MistakeList()


def pair(x):
    return 2.0 * x, x.sum(axis=0)


@pair_mistakes.add("the double is not doubled: multiply by 2.")
def not_doubled(x):
    return x, x.sum(axis=0)


@pair_mistakes.add("the total is a mean: sum.")
def total_is_a_mean(x):
    return 2.0 * x, x.mean(axis=0)


PAIR = FunctionExercise(
    name="pair",
    points=10,
    reference=pair,
    groups=(CaseGroup("basic", 1.0, (draw, partial(draw, shape=(4, 1)))),),
    mistakes=tuple(pair_mistakes),
    parts={"double": 3, "total": 1},
)


def test_each_part_of_a_tuple_counts_for_what_is_declared_and_is_named():
    mark = PAIR.grade(not_doubled)
    assert (float(mark), mark.outcome, mark.mistakes) == (2.5, "partial", ("pair/not_doubled",))
    assert "double of pair(x: (4, 1)): the values are not right" in texts(mark, "problem")
    assert "Of 2 cases, pair has double in 0, total in 2 right." in texts(mark, "note")


def test_a_mistake_in_each_part_is_named():
    mark = PAIR.grade(lambda x: (x, x.mean(axis=0)))
    assert mark == 0
    assert mark.mistakes == ("pair/not_doubled", "pair/total_is_a_mean")
    assert texts(mark, "diagnosis").count("This is what comes out when") == 2


def test_a_part_in_another_shape_earns_half_of_its_share():
    mark = PAIR.grade(lambda x: (2.0 * x, x.sum(axis=0, keepdims=True)))
    assert float(mark) == 8.75
    assert "total of pair(x: (4, 1)): the shape is not right" in texts(mark, "problem")
    assert "earn half of that part" in texts(mark, "note")


def test_parts_may_come_as_a_list_or_in_float32():
    assert PAIR.grade(lambda x: [np.float32(part) for part in pair(x)]) == 10


@pytest.mark.parametrize("answer", [(1.0,), None, {"double": 1.0}, np.zeros((2, 3))])
def test_what_has_other_parts_earns_nothing(answer):
    mark = PAIR.grade(lambda _: answer)
    assert mark == 0
    assert "a tuple of 2" in texts(mark, "problem")


def test_a_part_that_is_no_data_costs_that_part():
    mark = PAIR.grade(lambda x: (pair, x.sum(axis=0)))
    assert float(mark) == 2.5
    assert "double of pair(x: (4, 1)): the type is not right" in texts(mark, "problem")


def test_an_answer_that_is_left_to_chance_is_told():
    rng = np.random.default_rng(0)
    mark = SCALED.grade(lambda x, factor=1.0: rng.normal(size=x.shape) + x * factor)
    assert mark.mistakes == ("scaled/another_answer_on_every_call",)
    assert "begins with random numbers" in texts(mark, "diagnosis")


def test_warnings_of_numpy_do_not_reach_the_instructors_terminal(recwarn):
    faults = MistakeList()

    @faults.add("it divides by 0.")
    def divided_by_0(x):
        return x / np.zeros(5)

    def doubled(x):
        return 2 * x

    exercise = FunctionExercise(
        name="doubled",
        points=1,
        reference=doubled,
        groups=(CaseGroup("basic", 1.0, (lambda rng: Case((rng.normal(size=5),)),)),),
        mistakes=tuple(faults),
    )
    assert exercise.grade(lambda x: np.full(5, 1e308) * x * 1e9) == 0
    assert exercise.grade(divided_by_0).mistakes == ("doubled/divided_by_0",)
    assert not recwarn.list
