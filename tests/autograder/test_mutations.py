"""Mutants: one change each, inside the solution alone, told as lines before and after."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.mutations import mutants_of


def cell(*lines: str) -> str:
    body = [f"    {line}" for line in ("### BEGIN SOLUTION", *lines, "### END SOLUTION")]
    return "\n".join(["def f(x, y=2):", '    """Return 1 + 1."""', *body])


def changed(*lines: str) -> set[str]:
    return {mutant.after for mutant in mutants_of(cell(*lines), "answer")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return x + y", {"return x - y"}),
        ("return (x)//(y)", {"return (x)/(y)"}),
        ("return x @ y", {"return x * y"}),
        ("return x < y <= g", {"return x <= y <= g", "return x < y < g"}),
        ("return x is  not None", {"return x is None"}),
        ("return x and y", {"return x or y"}),
        ("return -x", {"return x"}),
        ("return not x", {"return x"}),
        ("return x[1]", {"return x[2]", "return x[0]"}),
        ("return g(x, keepdims=True)", {"return g(x, keepdims=False)", "return g(x)"}),
        ("return g(axis=y)", {"return g()"}),
        ("return 0.5", {"return 1.5"}),
        ("return x[y:]", {"return x[:]", "return x[y + 1:]"}),
        ("return x[::y]", {"return x[::]", "return x[::y + 1]"}),
        ("return g(x, y)", {"return g(y, x)"}),
        ("return np.sum(x)", {"return np.mean(x)"}),
        ("return x.max()", {"return x.min()"}),
        ("return x.shape, y", {"return y, x.shape"}),
        ("return x if y else g", {"return x if not (y) else g"}),
        ("return f'{x + 1}'", set()),
        ("return 'text', None", {"return None, 'text'"}),
        ("return (x, x)", set()),
        ("x[y] = g", {"pass"}),
        ("x = g", {"pass"}),
        ("z = g", set()),
        ("g.fill()", {"pass"}),
        ("x += y", {"x -= y", "x = y", "pass"}),
        ("é = '…'; return x * y", {"é = '…'; return x / y"}),
    ],
)
def test_each_kind_of_change_is_made(line: str, expected: set[str]) -> None:
    assert changed(line) == expected


def test_a_mutant_says_where_it_is_and_can_be_run() -> None:
    source = cell("z = x", "return z - y")
    (mutant,) = mutants_of(source, "answer")
    assert str(mutant) == "f, line 5: return z - y → return z + y"
    assert mutant.source == source.replace("z - y", "z + y")
    ast.parse(mutant.source)


def test_what_is_given_around_the_solution_stays() -> None:
    source = cell("return x") + "\n\n\ndef given(n):\n    return n + 1"
    assert mutants_of(source, "answer") == ()


def test_a_change_over_several_lines_is_told_in_one() -> None:
    told = {m.before: m.after for m in mutants_of(cell("return g(", "    x,", "    y,", ")"), "a")}
    assert told == {"x, y,": "y, x,"}


def test_lines_outside_of_functions_are_told_by_the_cell() -> None:
    source = "%matplotlib inline\n### BEGIN SOLUTION\nk = 3\n### END SOLUTION"
    assert {str(mutant) for mutant in mutants_of(source, "answer")} == {
        "answer, line 3: k = 3 → k = 4",
        "answer, line 3: k = 3 → k = 2",
    }
