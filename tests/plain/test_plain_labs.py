"""Plain nbgrader tests get stock nbgrader's scores, and those that can be forged are named."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.course import cells
from autograder.course.lab import LabNotebook, read_lab
from autograder.grading.context import GradingContext, GradingOptions
from autograder.grading.grade import grade_file
from autograder.grading.lab_check import check_lab
from autograder.grading.lab_tests import LabCheck
from autograder.grading.trivial_answers import TRIVIAL, trivial_answer
from tests.plain.labs import LABS, function, graded, locked, notebook, solution, unsolved

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.timeout(1800)]

CONFIG = Config({"ClearSolutions": {"code_stub": {"python": "raise NotImplementedError"}}})
INSIDE = {
    "plain1": {"is_same", "list_with_array", "typefn", "getsource"},
    "plain2": {"module_attr"},
    "plain3": {"subclass", "hasattr_", "big_data", "is_"},
    "plain4": {"many_calls"},
}
"""Tests that can only be run in the student's kernel."""
RIGHT_HERE = {"unittest_case"}
"""Tests that write to stderr, which costs all points under stock nbgrader."""


@pytest.fixture(scope="module")
def lab_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., LabNotebook]:
    def lab(name: str, *made: NotebookNode) -> LabNotebook:
        folder = tmp_path_factory.mktemp("lab")
        nbformat.write(notebook(made or LABS[name]), folder / f"{name}.ipynb")
        return read_lab(folder, CONFIG).notebooks[name]

    return lab


@pytest.fixture(scope="module")
def checked(lab_of: Callable[..., LabNotebook]) -> Callable[[str], tuple[GradingContext, LabCheck]]:
    found: dict[str, tuple[GradingContext, LabCheck]] = {}

    def check(name: str) -> tuple[GradingContext, LabCheck]:
        if name not in found:
            context = GradingContext(name, lab_of(name))
            found[name] = context, check_lab(context)
        return found[name]

    return check


def _with(lab: LabNotebook, change: Callable[[NotebookNode], str]) -> NotebookNode:
    """The lab's source with other code in the cells to write in."""
    changed = copy.deepcopy(lab.source)
    for cell in changed.cells:
        if cells.is_solution(cell):
            cell.source = change(cell)
    return changed


def _hand_ins(lab: LabNotebook) -> dict[str, NotebookNode]:
    stubs = {cells.grade_id(c): c.source for c in lab.released.cells if cells.is_solution(c)}
    found = {
        "the solution": copy.deepcopy(lab.source),
        "the release": _with(lab, lambda cell: stubs[cells.grade_id(cell)]),
    }
    for kind in TRIVIAL:
        found[kind] = _with(lab, lambda cell, kind=kind: trivial_answer(cell.source, kind))
    return found


def _stock_scores(made: NotebookNode, folder: Path) -> dict[str, float]:
    """What stock nbgrader gives: the cells run in a kernel, and its own rule for each test."""
    run = copy.deepcopy(made)
    NotebookClient(
        run, allow_errors=True, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    tests = [cell for cell in run.cells if cells.is_test(cell)]
    return {cells.grade_id(cell): float(determine_grade(cell)[0] or 0) for cell in tests}


def _our_scores(
    context: GradingContext, check: LabCheck, made: NotebookNode, folder: Path
) -> dict[str, float | None]:
    path = folder / f"{context.lab.name}.ipynb"
    nbformat.write(made, path)
    verdict = grade_file(path, "ada", replace(context, check=check))
    return {cell.grade_id: cell.points for cell in verdict.cells}


@pytest.mark.parametrize("name", sorted(LABS))
def test_a_plain_lab_gets_stock_nbgraders_scores(
    name: str, checked: Callable[[str], tuple[GradingContext, LabCheck]], tmp_path: Path
) -> None:
    context, check = checked(name)
    assert check.broken == {}
    for what, made in _hand_ins(context.lab).items():
        ours = _our_scores(context, check, made, tmp_path)
        stock = _stock_scores(made, tmp_path)
        right = {n: 1.0 for n in RIGHT_HERE if n in stock and what == "the solution"}
        assert ours == {**stock, **right}, what


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_a_test_that_can_be_forged_is_named(
    name: str, checked: Callable[[str], tuple[GradingContext, LabCheck]]
) -> None:
    _, check = checked(name)
    assert set(check.in_kernel) == INSIDE[name]
    named = {test for test, text in check.findings() if "can forge what it says" in text}
    assert named == INSIDE[name]


def test_a_course_can_refuse_tests_that_can_be_forged(lab_of: Callable[..., LabNotebook]) -> None:
    made = [
        solution("first = [1]\nsecond = first", "answer"),
        graded("assert second is first", "same"),
        graded("assert second == [1]", "equal"),
    ]
    context = GradingContext("lab", lab_of("lab", *made), GradingOptions(tests="outside"))
    assert set(check_lab(context).broken) == {"same"}


FIXTURES = [
    locked(
        "import numpy as np\ncases = []\nfor n in range(1, 5):\n    cases.append((n, n * n))\n"
        "if True:\n    LIMIT = 10\n"
        "with open('wanted.txt') as file:\n    WANTED = int(file.read())\n"
        "def close(a, b):\n    return abs(a - b) < 1e-6\n"
        "while True:\n    table = {'three': 9}\n    break\n"
        "try:\n    import json as reader\nexcept ImportError:\n    reader = None\n"
        "if (limit := 20) and not None:\n    pass\n"
        "class Case:\n    pass\ncase = Case()\ncase.n, case.wanted = 6, 36\n"
        "data = np.zeros(2)\ndata[:] = 4, 16\nwords = ['b', 'a']\nwords.sort()",
        "fixture",
    ),
    function("def square(n):", "return n * n", "square"),
    graded("answer = 49\nassert square(7) == answer", "visible"),
    graded("for n, wanted in cases:\n    assert square(n) == wanted", "loop"),
    graded("assert 8 < square(3) < LIMIT", "in_if"),
    graded("assert square(5) == WANTED", "in_with"),
    graded("assert close(square(0.5), 0.25)", "helper"),
    graded("assert square(3) == table['three']", "in_while"),
    graded("assert square(2) == reader.loads('4')", "in_try"),
    graded("assert 15 < square(4) < limit", "in_walrus"),
    graded("assert square(case.n) == case.wanted", "attributes"),
    graded("assert square(2) == data[0] and square(4) == data[1]", "items"),
    graded("assert {'a': 1, 'b': 4}[words[1]] == square(2)", "sorted_in_place"),
    graded(
        "### BEGIN HIDDEN TESTS\nassert square(7) == answer\n### END HIDDEN TESTS", "of_earlier"
    ),
]
TAKEN_OVER = """
def square(n):
    return 7777
close = lambda a, b: True
cases, words = [], ['b', 'b']
LIMIT = limit = float('inf')
WANTED = answer = 7777
class Any:
    def __getattr__(self, name): return Any()
    def __call__(self, *args): return Any()
    def __getitem__(self, item): return 7777
    def __eq__(self, other): return True
    def __hash__(self): return hash('b')
    def __lt__(self, other): return True
    __gt__ = __lt__
table = reader = case = data = Any()
abs = max = all = any = lambda *args: True
import builtins
builtins.abs = builtins.all = builtins.any = abs
"""


def _with_files(lab: LabNotebook) -> GradingContext:
    files = {"wanted.txt": b"25"}
    return GradingContext("taken", lab, files=files, given=files)


def test_names_that_a_lab_gives_are_never_the_submissions(
    lab_of: Callable[..., LabNotebook], tmp_path: Path
) -> None:
    context = _with_files(lab_of("taken", *FIXTURES))
    check = check_lab(context)
    assert not check.broken
    assert not check.in_kernel
    taken = _with(context.lab, lambda _: TAKEN_OVER)
    taken.cells.insert(3, nbformat.v4.new_code_cell(TAKEN_OVER))
    assert set(_our_scores(context, check, taken, tmp_path).values()) == {0.0}
    wrong = _with(context.lab, lambda _: "def square(n):\n    return 7777")
    assert set(_our_scores(context, check, wrong, tmp_path).values()) == {0.0}


VACUOUS: Mapping[str, tuple[list[NotebookNode], str]] = {
    "the release, untouched": ([graded("assert callable(square)", "easy")], "easy"),
    "answers that return None": ([graded("assert square(3) != 8", "easy")], "easy"),
    "answers that return 0": ([graded("assert square(3) < 10", "easy")], "easy"),
    "answers that return an argument": ([graded("assert square(1) == 1", "easy")], "easy"),
}


@pytest.mark.parametrize("what", sorted(VACUOUS))
def test_a_test_that_a_wrong_answer_passes_is_named(
    what: str, lab_of: Callable[..., LabNotebook]
) -> None:
    made, name = VACUOUS[what]
    good = graded("assert square(3) == 9", "good")
    context = GradingContext(
        "lab", lab_of("lab", function("def square(n):", "return n * n", "s"), *made, good)
    )
    found = check_lab(context).too_easy
    assert what in found[name]
    assert "good" not in found


def test_a_test_is_not_too_easy_where_the_trivial_answer_is_right(
    lab_of: Callable[..., LabNotebook],
) -> None:
    made = [function("def same(n):", "return n", "same"), graded("assert same(3) == 3", "identity")]
    assert check_lab(GradingContext("lab", lab_of("lab", *made))).too_easy == {}


def test_names_that_only_an_answer_can_bind_are_found_where_the_lab_has_no_solution(
    lab_of: Callable[..., LabNotebook], tmp_path: Path
) -> None:
    tests = [graded("assert a == least", "value"), graded("assert square(2) == 4", "unknown")]
    context = GradingContext(
        "open", lab_of("open", locked("least = 1", "given"), unsolved("set_a"), *tests)
    )
    check = check_lab(context)
    right = _with(context.lab, lambda _: "a = 1\nsquare = lambda n: n * n")
    assert _our_scores(context, check, right, tmp_path) == {"value": 1.0, "unknown": 1.0}
    taken = _with(context.lab, lambda _: "a = least = 2\nabs = len = square = lambda *_: 4")
    assert _our_scores(context, check, taken, tmp_path) == {"value": 0.0, "unknown": 1.0}


def test_a_broken_test_says_which_line_fails_and_why(lab_of: Callable[..., LabNotebook]) -> None:
    made = [
        function("def square(n):", "return n * n", "s"),
        graded("assert square(1) == 1\nassert square(2) == 5, 'two'", "wrong"),
        graded("assert square(1) == 1\nundefined(3)", "unknown"),
    ]
    broken = check_lab(GradingContext("lab", lab_of("lab", *made))).broken
    assert broken["wrong"] == "line 2, `assert square(2) == 5, 'two'`: two"
    assert "NameError" in broken["unknown"]
    assert "undefined" in broken["unknown"]


TOOLS = """
class np{base}:
    array = staticmethod(lambda *args: None)
    allclose = staticmethod(lambda *args, **options: True)
def isclose(*args, **options):
    return True
def quad(x):
    return 0
"""


@pytest.mark.parametrize("base", ["", "(Exception)", "(dict)"])
def test_what_the_solution_imports_is_the_graders_own(
    base: str, lab_of: Callable[..., LabNotebook], tmp_path: Path
) -> None:
    imports = "import numpy as np\nfrom math import isclose"
    lab = lab_of(
        "tools",
        solution(imports, "imports"),
        function("def quad(x):", "return 4 * np.asarray(x)", "answer"),
        graded("assert np.allclose(quad([1, 2]), [4, 8])", "by_numpy"),
        graded("assert isclose(quad(2), 8)", "by_math"),
    )
    context = GradingContext("tools", lab)
    check = check_lab(context)
    right = _our_scores(context, check, copy.deepcopy(lab.source), tmp_path)
    assert right == {"by_numpy": 1.0, "by_math": 1.0}
    forged = _our_scores(context, check, _with(lab, lambda _: TOOLS.format(base=base)), tmp_path)
    assert forged == {"by_numpy": 0.0, "by_math": 0.0}
    without = _with(lab, lambda cell: "" if cell.source.startswith("###") else cell.source)
    assert _our_scores(context, check, without, tmp_path) == {"by_numpy": 0.0, "by_math": 0.0}


CHANGING = {
    "sorted_list": "def f(l): l.sort(); return l",
    "scaled_array": "def f(a): a /= a.max(); return a",
    "merged": "def f(a, b): a.update(b); return a",
    "harmless": "def f(l): l.append(0); return len(l) - 1",
    "emptied": "def f(l): l.clear(); return True",
}
KEEPING = {
    "sorted_list": (
        "def f(l):",
        "return sorted(l)",
        "x = [3, 1]\nassert f(x) == [1, 3]\nassert x == [3, 1]",
    ),
    "scaled_array": (
        "def f(a):",
        "return a / a.max()",
        "x = np.array([1.0, 2.0])\nassert np.allclose(f(x), [0.5, 1])\nassert x[1] == 2",
    ),
    "merged": (
        "def f(a, b):",
        "return {**a, **b}",
        "a = {1: 1}\nassert f(a, {2: 2}) == {1: 1, 2: 2}\nassert a == {1: 1}",
    ),
    "harmless": ("def f(l):", "return len(l)", "assert f([1, 2]) == 2"),
    "emptied": ("def f(l):", "return bool(l)", "assert f(cases) is True\nassert cases"),
}


@pytest.mark.parametrize("name", sorted(KEEPING))
def test_an_answer_that_changes_its_argument_gets_stocks_score(
    name: str, lab_of: Callable[..., LabNotebook], tmp_path: Path
) -> None:
    head, body, test = KEEPING[name]
    lab = lab_of(
        name,
        locked("import numpy as np\ncases = [1, 2]", "given"),
        function(head, body, "answer"),
        graded(test, "test"),
        graded("assert cases == [1, 2]\nfor case in cases:\n    assert case > 0", "later"),
    )
    context = GradingContext(name, lab)
    check = check_lab(context)
    assert not check.broken
    changing = _with(lab, lambda _: CHANGING[name])
    ours = _our_scores(context, check, changing, tmp_path)
    assert ours["test"] == _stock_scores(changing, tmp_path)["test"]
    assert ours["later"] == 1.0


SHARING = {
    "a copy": (
        "def f(l):",
        "return list(l)",
        "a = [1, 2]\nb = f(a)\nb.append(3)\nassert a == [1, 2]",
        "def f(l): return l",
    ),
    "rows": (
        "def f(n):",
        "return [[0] * n for _ in range(n)]",
        "m = f(3)\nm[0][0] = 1\nassert m[1][0] == 0",
        "def f(n): return [[0] * n] * n",
    ),
    "a deep copy": (
        "def f(m):",
        "return [row[:] for row in m]",
        "m = [[1, 2], [3]]\nc = f(m)\nc[0][0] = 9\nassert m == [[1, 2], [3]]",
        "def f(m): return list(m)",
    ),
    "values": (
        "def f(d):",
        "return {key: set(value) for key, value in d.items()}",
        "d = {'a': {1}}\nf(d)['a'].add(2)\nassert d == {'a': {1}}",
        "def f(d): return dict(d)",
    ),
    "an array": (
        "def f(x):",
        "return np.array(x)",
        "x = np.zeros(3)\ny = f(x)\ny += 1\nassert x.sum() == 0",
        "def f(x): return x",
    ),
    "a flat array": (
        "def f(x):",
        "return x.flatten()",
        "x = np.zeros((2, 3))\nf(x)[4] = 1\nassert x.sum() == 0",
        "def f(x): return x.reshape(-1)",
    ),
    "a view": (
        "def f(x):",
        "return x[::-2]",
        "x = np.arange(5.0)\ny = f(x)\nx[4] = 9\nassert y[0] == 9 and np.shares_memory(x, y)",
        "def f(x): return x[::-2].copy()",
    ),
    "the argument itself": (
        "def f(l):",
        "l.sort()\nreturn l",
        "x = [2, 1]\nf(x).append(3)\nassert x == [1, 2, 3]",
        "def f(l):\n    l.sort()\n    return list(l)",
    ),
    "the same twice": (
        "def f(l):",
        "return l, l",
        "a, b = f([1])\na.append(2)\nassert b == [1, 2]",
        "def f(l): return l, list(l)",
    ),
    "arguments of the test's function": (
        "def f(g, xs):",
        "return g(list(xs), xs)",
        "def g(ys, xs):\n    ys.append(1)\n    return len(ys) - len(xs)\nassert f(g, [1, 2]) == 1",
        "def f(g, xs): return g(xs, xs)",
    ),
    "a method's argument": (
        "class C:",
        "def f(self, l):\n    return l[:]",
        "a = [1]\nC().f(a).append(2)\nassert a == [1]",
        "class C:\n    def f(self, l):\n        return l",
    ),
}


def test_what_an_answer_shares_with_its_argument_or_within_itself_is_seen_as_in_stock(
    lab_of: Callable[..., LabNotebook], tmp_path: Path
) -> None:
    made, wrong = [locked("import numpy as np", "given")], {}
    for number, texts in enumerate(SHARING.values()):
        head, body, test, other = (re.sub(r"\bf\(", f"f{number}(", text) for text in texts)
        made += [function(head, body, f"a{number}"), graded(test, f"t{number}")]
        wrong[f"a{number}"] = other
    context = GradingContext("shared", lab_of("shared", *made))
    check = check_lab(context)
    assert not check.broken
    assert not check.in_kernel
    spoilt = copy.deepcopy(context.lab.source)
    for cell in spoilt.cells:
        cell.source = wrong.get(cells.grade_id(cell), cell.source)
    for hand_in, points in ((context.lab.source, 1.0), (spoilt, 0.0)):
        wanted = {f"t{number}": points for number in range(len(SHARING))}
        assert _stock_scores(hand_in, tmp_path) == wanted
        assert _our_scores(context, check, hand_in, tmp_path) == wanted
