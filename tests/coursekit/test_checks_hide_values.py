"""With show_values=False no text holds an entry of what was expected, or of the answer."""

import numpy as np
import pytest

from coursekit.checks import find_problem

DAMAGES = {
    "nothing": lambda _y, _: None,
    "text": lambda y, _: str(y.tolist()),
    "ragged": lambda y, _: [y.tolist(), 1],
    "strings": lambda y, _: y.astype(str),
    "objects": lambda y, _: y.astype(object),
    "complex": lambda y, _: y + 0j,
    "transposed": lambda y, _: y.T,
    "part": lambda y, _: y[:-1],
    "one entry": lambda y, _: y.flat[0],
    "nan": lambda y, rng: np.where(rng.random(y.shape) < 0.5, np.nan, y),
    "one wrong": lambda y, _: y + 7.5 * (np.arange(y.size).reshape(y.shape) == 3),
    "constant": lambda y, rng: y + rng.normal(),
    "factor": lambda y, rng: y * rng.normal(),
    "sign": lambda y, _: -y,
    "flipped": lambda y, _: y[::-1, ::-1],
    "nearly": lambda y, _: y * (1 + 1e-4),
    "integers": lambda y, _: np.trunc(y).astype(np.int64) + 1,
    "noise": lambda y, rng: y + rng.normal(size=y.shape),
    "float32": lambda y, _: (y + 1).astype(np.float32),
}


def written_forms(values):
    """Every way, from three digits up, in which an entry could stand in a text."""
    for value in np.abs(np.asarray(values, dtype=float)).ravel().tolist():
        yield repr(value)
        yield from (f"{value:.{digits}g}" for digits in range(3, 18))
        yield from (f"{value:.{digits}f}" for digits in range(2, 9))


def text_of(problem):
    fields = (problem.stage, problem.got, problem.expected, problem.advice, problem.name)
    return "\n".join([str(problem), repr(problem), *fields])


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seed", range(10))
def test_no_entry_of_an_array_is_told(damage, seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(100, 1000, size=(5, 6)) * rng.choice([-1, 1], size=(5, 6))
    got = DAMAGES[damage](expected, rng)
    problem = find_problem(got, expected, name="f", show_values=False)
    text = text_of(problem)
    assert not [form for form in written_forms(expected) if form in text]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("change", [1, -1, 1e-3, 1000])
def test_no_number_is_told(seed, change):
    expected = float(np.random.default_rng(seed).uniform(100, 1000))
    for wanted in (expected, int(expected), (int(expected), 7), [expected, 1.5]):
        got = [wanted[0] + change, wanted[1]] if isinstance(wanted, (tuple, list)) else None
        got = wanted + change if got is None else got
        text = text_of(find_problem(got, wanted, name="f", show_values=False))
        assert not [form for form in written_forms(np.ravel(wanted)[:1]) if form in text]
        assert str(int(expected)) not in text


def test_text_and_truth_values_are_not_told():
    assert "secret" not in text_of(find_problem("other", "secret", name="f", show_values=False))
    assert "True" not in text_of(find_problem(False, True, name="f", show_values=False))
    assert "False" not in text_of(find_problem(True, False, name="f", show_values=False))


def test_what_is_told_is_the_shape_and_how_many_entries_are_wrong():
    expected = np.arange(12.0).reshape(3, 4)
    got = expected.copy()
    got[0, 1:3] += 5.5
    problem = find_problem(got, expected, name="f", show_values=False)
    assert problem.got == "an array of the right shape (3, 4), with 2 of 12 entries wrong"
    assert problem.expected == "other values there"
