"""Stored cases: plain data, answers told apart by fingerprints, and the mistake that is named."""

# ruff: noqa: ARG005 - wrong functions ignore what they should use

from __future__ import annotations

import json
import warnings
from contextlib import nullcontext

import numpy as np
import pytest

from coursekit import checks
from coursekit.checks import CheckFailed
from coursekit.stored_cases import Fingerprint, fingerprint, from_plain, same, to_plain

X = np.array([[1.0, -2.0, 0.5]])


def scale(x, *, by=1.0):
    """Return x * by and the sum of x."""
    return x * by, float(x.sum())


MISTAKES = {
    "factor_ignored": lambda x, by=1.0: (x, float(x.sum())),
    "both_doubled": lambda x, by=1.0: (2 * x * by, 2 * float(x.sum())),
    "mean_taken": lambda x, by=1.0: (x * by, float(x.mean())),
    "fails_on_factors": lambda x, by=1.0: scale(x) if by == 1.0 else x[[7]],
}


@pytest.fixture(autouse=True)
def lab(tmp_path, monkeypatch):
    """A file of stored cases for `scale`, in place of the course's own."""
    calls = [((X,), {}), ((X + 1,), {"by": 2.0})]
    told = {
        "rtol": 1e-6,
        "atol": 1e-8,
        "integer": False,
        "sentences": {name: f"it is {name}." for name in MISTAKES},
        "cases": [case(args, kwargs) for args, kwargs in calls],
    }
    text = json.dumps({"exercises": {"scale": told}}, allow_nan=False)
    (tmp_path / "lab.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr("coursekit.stored_cases.files.folder", lambda: tmp_path)


def case(args, kwargs):
    wrong = {}
    right = fingerprint(scale(*args, **kwargs), 2)
    for name, mistake in MISTAKES.items():
        try:
            seen = fingerprint(mistake(*args, **kwargs), 2)
        except IndexError as error:
            seen = fingerprint(error)
        if not same(seen, right):
            wrong[name] = seen.as_plain()
    return {
        "group": "factor" if kwargs else "basic",
        "args": [to_plain(value) for value in args],
        "kwargs": kwargs,
        "expected": to_plain(scale(*args, **kwargs)),
        "wrong": wrong,
    }


def message(function):
    with pytest.raises(CheckFailed) as failure:
        checks.check_stored(function, "lab/scale")
    return str(failure.value)


def test_a_right_function_prints_one_line(capsys):
    checks.check_stored(scale, "lab/scale")
    assert capsys.readouterr().out == "✓ scale is right on 2 stored cases: basic, factor\n"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_known_mistake_is_named_with_its_sentence(name):
    verb = "happens, for example," if name == "fails_on_factors" else "comes out"
    assert f"  cause:     This is what {verb} when it is {name}.\n" in message(MISTAKES[name])


def test_the_message_says_what_came_what_was_expected_and_how_to_try_it():
    def scale(x, *, by=1.0):
        return x, float(x.sum())

    told = message(scale)
    assert told == (
        "item 0 of scale(x: (1, 3), by=2.0): the values are not right\n"
        "  got:       3 of 3 entries wrong, the first at [0, 0]: 2\n"
        "             [[ 2.  -1.   1.5]]\n"
        "  expected:  4 there\n"
        "             [[ 4. -2.  3.]]\n"
        "  cause:     This is what comes out when it is factor_ignored.\n"
        '  try it:    args, options = checks.stored_inputs("lab/scale", 2)\n'
        "             scale(*args, **options)"
    )


def test_two_mistakes_in_two_parts_are_both_named():
    told = message(lambda x, by=1.0: (x, float(x.mean())))
    assert "it is factor_ignored." in told
    assert "it is mean_taken." in told


def test_parts_have_the_names_that_the_declaration_gives_them(tmp_path):
    text = (tmp_path / "lab.json").read_text(encoding="utf-8")
    told = json.loads(text)
    told["exercises"]["scale"]["parts"] = ["scaled", "total"]
    (tmp_path / "other.json").write_text(json.dumps(told), encoding="utf-8")

    def scale(x, *, by=1.0):
        return MISTAKES["mean_taken"](x, by)

    with pytest.raises(CheckFailed, match=r"^total of scale\(x: \(1, 3\)\): the values are not"):
        checks.check_stored(scale, "other/scale")


def test_a_mistake_that_would_spoil_a_part_that_is_right_is_not_named():
    told = message(lambda x, by=1.0: (2 * x * by, float(x.sum())))
    assert "cause:" not in told


@pytest.mark.parametrize(
    "unknown",
    [
        lambda x, by=1.0: (x * by + 1, float(x.sum())),
        lambda x, by=1.0: (x if by == 1.0 else x - 5, float(x.sum())),
        lambda x, by=1.0: None,
        lambda x, by=1.0: "text",
    ],
)
def test_an_unknown_mistake_keeps_the_general_advice(unknown):
    told = message(unknown)
    assert "cause:" not in told
    assert "next step:" in told


def test_a_mistake_that_is_right_elsewhere_is_not_named_for_one_that_is_not():
    told = message(lambda x, by=1.0: (x if by == 2.0 else x + 1, float(x.sum())))
    assert "cause:" not in told


def test_float32_and_lists_are_as_good_as_float64():
    checks.check_stored(lambda x, by=1.0: (np.float32(x * by), float(x.sum())), "lab/scale")
    checks.check_stored(lambda x, by=1.0: [(x * by).tolist(), x.sum()], "lab/scale")
    told = message(lambda x, by=1.0: (x.astype(np.float32), x.sum()))
    assert "it is factor_ignored." in told


def test_a_check_call_that_fails_names_the_known_mistake_too(capsys):
    def scale(x, *, by=1.0):
        print("debugging")  # noqa: T201  # as students do
        return x, float(x.sum())

    with pytest.raises(CheckFailed) as failure:
        checks.check_call(scale, (X,), {"by": 3.0}, expected=(3 * X, -0.5), next_step="Look.")
    told = str(failure.value)
    assert "got:       2 of 3" in told or "got:       3 of 3" in told
    assert told.endswith(
        "  cause:     This is what comes out when it is factor_ignored.\n  hint:      Look."
    )
    assert capsys.readouterr().out == "debugging\n"


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("right", [True, False])
def test_what_numpy_warns_of_is_noted_once_and_not_on_stderr(capsys, right):
    def warned(x, *, by=1.0):
        warnings.warn("divide by zero", RuntimeWarning, stacklevel=2)
        return scale(x, by=by if right else 1.0)

    warned.__name__ = "scale"
    with nullcontext() if right else pytest.raises(CheckFailed):
        checks.check_call(warned, (X,), {"by": 3.0}, expected=scale(X, by=3.0))
    with nullcontext() if right else pytest.raises(CheckFailed):
        checks.check_stored(warned, "lab/scale")
    said = capsys.readouterr()
    note = "Note: scale was warned, which costs nothing. RuntimeWarning: divide by zero\n"
    assert said.out.count(note) == 2
    assert said.out.count("Note:") == 2
    assert said.err == ""


def test_a_check_call_whose_function_fails_by_an_error_says_what_happens():
    def scale(x, *, by=1.0):
        return MISTAKES["fails_on_factors"](x, by)

    with pytest.raises(CheckFailed, match="happens, for example, when it is fails_on_factors"):
        checks.check_call(scale, (X,), {"by": 3.0}, expected=(3 * X, -0.5))


def test_an_unwritten_function_is_told_so():
    def scale(x, *, by=1.0):
        raise NotImplementedError

    assert message(scale) == (
        "scale is not written yet: replace `raise NotImplementedError` by your own code."
    )
    assert "is no function (ellipsis)" in message(...)


def test_inputs_are_new_with_every_call():
    def spoils(x, *, by=1.0):
        answer = scale(x, by=by)
        x[:] = 0
        return answer

    checks.check_stored(spoils, "lab/scale")
    checks.check_stored(spoils, "lab/scale")
    (x,), options = checks.stored_inputs("lab/scale", 2)
    np.testing.assert_array_equal(x, X + 1)
    assert options == {"by": 2.0}


def test_a_wrong_name_or_number_says_which_there_are():
    with pytest.raises(ValueError, match=r"'lab/relu'.*there are scale"):
        checks.check_stored(scale, "lab/relu")
    with pytest.raises(ValueError, match=r"there is no lab9\.json"):
        checks.check_stored(scale, "lab9/scale")
    with pytest.raises(ValueError, match="number must be from 1 to 2; got 0"):
        checks.stored_inputs("lab/scale", 0)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.1,
        float("inf"),
        "text",
        [1, [2.5, None]],
        (1, (2.0,), []),
        {"a": 1, 2: (3,)},
        np.arange(6).reshape(2, 3),
        np.zeros((0, 3)),
        np.array([[np.nan, -1.5]]),
        np.array([True, False]),
        np.float64(0.25),
        {"w": [np.ones(2), (np.eye(2), "x")]},
    ],
)
def test_plain_data_comes_back_as_it_was(value):
    text = json.dumps(to_plain(value), allow_nan=False)
    back = from_plain(json.loads(text))
    assert repr(back) == repr(value.item() if isinstance(value, np.generic) else value)


@pytest.mark.parametrize("value", [lambda: 1, np.array([None]), np.array(["a"]), {1, 2}])
def test_what_is_no_plain_data_cannot_be_stored(value):
    with pytest.raises(TypeError, match="cannot be stored as data"):
        to_plain(value)


def test_fingerprints_tell_answers_apart_that_are_easily_confused():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 3))
    others = [x.T, x[::-1], x[:, ::-1], -x, x + 1, 2 * x, x.ravel(), np.full((3, 3), np.nan)]
    others += [np.roll(x, 1, 0), x.mean(), None, "x", [[1], [2, 3]], IndexError(), TypeError()]
    seen = [fingerprint(value) for value in [x, *others]]
    assert [same(a, b) for i, a in enumerate(seen) for b in seen[:i]].count(True) == 0


def test_fingerprints_forgive_rounding_and_the_kind_of_misfit():
    x = np.random.default_rng(1).normal(size=(4, 5)) * 100
    assert same(fingerprint(x), fingerprint(x * (1 + 1e-12)))
    opposite = 12345.678 * np.array([np.cos(1.0), -1.0])  # its first sum is nearly 0
    for values in (x, opposite):
        assert same(fingerprint(values.astype(np.float32)), fingerprint(values))
    assert not same(fingerprint(x * (1 + 1e-4)), fingerprint(x))
    assert same(fingerprint(x.tolist()), fingerprint(x))
    clash = ValueError("operands could not be broadcast together with shapes (2,2) (2,3)")
    beyond = IndexError("index 3 is out of bounds for axis 0 with size 3")
    assert same(fingerprint(clash), fingerprint(beyond))
    assert fingerprint(3, integer=True) != fingerprint(3.0, integer=True)


@pytest.mark.parametrize("value", [np.eye(2), (np.eye(2), 3.0), ValueError(), "text", float("nan")])
def test_a_fingerprint_comes_back_from_its_file(value):
    seen = fingerprint(value, 2)
    told = json.loads(json.dumps(seen.as_plain(), allow_nan=False))
    assert same(Fingerprint.from_plain(told), seen)
