"""Labs of plain nbgrader tests, of the kinds that public courses hold.

Every test passes with its lab's own solution under stock nbgrader, but for one in which `unittest`
writes to stderr.
"""

import importlib.util
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook


def _cell(source: str, grade_id: str, **flags: object) -> NotebookNode:
    kept = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    cell = new_code_cell(source, id=grade_id.replace("_", "-"))
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id, **kept}
    return cell


def solution(body: str, grade_id: str) -> NotebookNode:
    """A cell to write in."""
    return _cell(f"### BEGIN SOLUTION\n{body}\n### END SOLUTION", grade_id, solution=True)


def unsolved(grade_id: str) -> NotebookNode:
    """A cell to write in for which the lab has no solution."""
    return _cell("# YOUR CODE HERE\nraise NotImplementedError()", grade_id, solution=True)


def function(head: str, body: str, grade_id: str) -> NotebookNode:
    """A function to write."""
    lines = ["### BEGIN SOLUTION", *body.split("\n"), "### END SOLUTION"]
    return _cell("\n    ".join([head, *lines]), grade_id, solution=True)


def graded(source: str, grade_id: str) -> NotebookNode:
    """A test cell of one point."""
    return _cell(source, grade_id, grade=True, locked=True, points=1)


def locked(source: str, grade_id: str) -> NotebookNode:
    """A cell that students cannot change."""
    return _cell(source, grade_id, locked=True)


def notebook(cells: Sequence[NotebookNode]) -> NotebookNode:
    """A lab's notebook."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel})


free = new_code_cell

LABS: dict[str, list[NotebookNode]] = {}
"""Cells by the labs' names."""
LABS["plain1"] = [
    free("import numpy as np\nimport math"),
    function("def double(v):", "return 2 * v", "s1"),
    graded(
        'def check():\n    assert double(2) == 4\n\nif __name__ == "__main__":\n    check()',
        "main_guard",
    ),
    function("def scaled(v):", "return factor * v", "s2"),
    graded(
        "factor = 3\nassert scaled(2) == 6\n### BEGIN HIDDEN TESTS\nfactor = 5\nassert scaled(2) == 10\n### END HIDDEN TESTS",
        "test_sets_global",
    ),
    solution("import math as m", "s3"),
    graded("assert m is math", "module_is"),
    solution("first = [1, 2]\nsecond = first\nthird = list(first)", "s4"),
    graded("assert second is first\nassert third is not first", "is_same"),
    solution("arr = np.arange(3)\nmixed = [1, arr]", "s5"),
    graded("assert mixed == [1, arr]", "list_with_array"),
    solution("answer = 42", "s6"),
    graded('assert "answer" in dir()\nassert answer == 42', "dir_"),
    graded('assert "answer" in globals()\nassert globals()["answer"] == 42', "globals_"),
    locked("grid = np.arange(4)", "l7"),
    locked("grid = grid.reshape(2, 2)", "l7b"),
    graded("assert np.array_equal(double(grid), [[0, 2], [4, 6]])", "rebound"),
    locked(
        "from types import SimpleNamespace\nsettings = SimpleNamespace(rate=1)\nsettings.rate = 3",
        "l8",
    ),
    graded("assert double(settings.rate) == 6", "attr_target"),
    locked("table = np.zeros(2)\ntable[0] = 5", "l8b"),
    graded("assert double(table)[0] == 10", "item_target"),
    locked("data = []\nfor k in range(1, 4):\n    data.append(k)", "l9"),
    function("def total(vs):", "return sum(vs)", "s9"),
    graded("assert total(data) == 6", "loop_filled"),
    graded("for v in data:\n    assert double(v) == 2 * v", "loop_vacuous"),
    locked("n_items = 1\nn_items += 1", "l10"),
    graded("assert double(n_items) == 4", "augassign"),
    graded("assert double(n_items) == 2 * n_items", "augassign2"),
    solution(
        "class Counter:\n    def __init__(self):\n        self.n = 0\n    def hit(self):\n        self.n += 1\n        return self.n\ncounter = Counter()\nlog = []\ndef note(v):\n    log.append(v)\n    return len(log)",
        "s11",
    ),
    graded("assert counter.hit() == 1", "state_visible"),
    graded('assert note("a") == 1', "state_visible_fn"),
    graded(
        "### BEGIN HIDDEN TESTS\nassert counter.hit() > 0\n### END HIDDEN TESTS", "state_hidden"
    ),
    graded('with np.errstate(all="ignore"):\n    assert double(2) == 4', "witherr"),
    graded(
        'try:\n    assert double(2) == 4\nexcept NameError:\n    raise AssertionError("no double")',
        "tryexcept",
    ),
    graded('assert callable(double)\nassert type(double).__name__ == "function"', "typefn"),
    graded("import types\nassert isinstance(double, types.FunctionType)", "isfunctiontype"),
    graded('import inspect\nassert "return" in inspect.getsource(double)', "getsource"),
    graded(
        'x_local = [double(v) for v in range(3)]\nassert x_local == [0, 2, 4]\nprint("ok")',
        "print_end",
    ),
]
LABS["plain2"] = [
    free("import numpy as np"),
    function("def dt(a, b):", "return a.dot(b)", "s1"),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10); w = np.random.rand(10)\nassert np.array_equal(dt(u, w), u.dot(w))",
        "dot1",
    ),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10, 10); w = np.random.randn(10, 10)\nassert np.array_equal(dt(u, w), u.dot(w))",
        "dot2",
    ),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10, 10, 10); w = np.random.rand(10)\nassert np.array_equal(dt(u, w), u.dot(w))",
        "dot3",
    ),
    graded(
        "np.random.seed(1)\nu = np.random.randn(200, 200); w = np.random.randn(200, 200)\nassert np.array_equal(dt(u, w), u.dot(w))",
        "dot200",
    ),
    function("def ev(a):", "r = np.linalg.eig(a)\nreturn r[0], r[1]", "s2"),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10, 10)\nassert np.array_equal(ev(u)[0], np.linalg.eig(u)[0])",
        "eig10",
    ),
    graded(
        "np.random.seed(1)\nu = np.random.randn(100, 100)\nassert np.array_equal(ev(u)[0], np.linalg.eig(u)[0])",
        "eig100",
    ),
    function("def idn(a):", "return a", "s3"),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10, 10)\nassert np.array_equal(idn(u), u)", "idn"
    ),
    graded(
        "np.random.seed(1)\nu = np.random.randn(10, 10, 10)\nassert np.array_equal(dt(u, u[0]), u.dot(u[0]))",
        "dot3b",
    ),
    graded('assert dt.__module__ == "__main__"', "module_attr"),
]
LABS["plain3"] = [
    free("import numpy as np\nimport matplotlib.pyplot as plt"),
    solution("answer = 42", "s2"),
    graded(
        "try:\n    answer\nexcept NameError:\n    pass\nelse:\n    assert answer == 42", "nameerr"
    ),
    function("def double(v):", "return 2 * v", "s3"),
    graded("%%time\nassert double(2) == 4", "cellmagic"),
    graded("%matplotlib inline\nassert double(2) == 4", "linemagic"),
    locked(
        "class Node:\n    def __init__(self, v, nxt=None):\n        self.v = v\n        self.nxt = nxt",
        "l4",
    ),
    function(
        "def length(node):",
        "n = 0\nwhile node is not None:\n    n += 1\n    node = node.nxt\nreturn n",
        "s4",
    ),
    graded("assert length(Node(1, Node(2))) == 2", "given_class"),
    locked("def evaluate(n):\n    return double(n) + 1", "l5"),
    graded("assert evaluate(2) == 5", "given_fn_calls_student"),
    locked("results = [double(k) for k in range(3)]", "l6"),
    graded("assert results == [0, 2, 4]", "given_result"),
    locked("data = np.random.randn(5)", "l7"),
    solution("m = data.mean()", "s7"),
    graded("assert np.isclose(m, data.mean())", "given_random"),
    locked("np.random.seed(7)\nxs = np.random.randn(5)\nys = np.random.randn(5)", "l8"),
    solution("mx = xs.mean()\nmy = ys.mean()", "s8"),
    graded("assert np.isclose(mx, xs.mean()) and np.isclose(my, ys.mean())", "given_seeded"),
    locked("rng = np.random.default_rng(3)\nzs = rng.normal(size=4)", "l9"),
    solution("mz = zs.sum()", "s9"),
    graded("assert np.isclose(mz, zs.sum())", "given_rng"),
    solution('fig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])\nax.set_title("T")', "s12"),
    graded(
        'assert ax.get_title() == "T"\nassert len(ax.lines) == 1\nassert list(ax.lines[0].get_xdata()) == [1, 2]',
        "ax_lines",
    ),
    graded("assert fig is not None and len(fig.axes) == 1", "fig_axes"),
    graded(
        "from unittest import TestCase\nt = TestCase()\nt.assertEqual(double(2), 4)\nt.assertAlmostEqual(double(0.1), 0.2)",
        "unittest_",
    ),
    graded(
        "import unittest\nclass TestIt(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(double(2), 4)\nr = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(TestIt))\nassert r.wasSuccessful()",
        "unittest_case",
    ),
    solution(
        "class Shape:\n    def area(self):\n        return 0\n    def twice(self):\n        return 2 * self.area()",
        "s13",
    ),
    graded(
        "class Sq(Shape):\n    def area(self):\n        return 4\nassert Sq().twice() == 8",
        "subclass",
    ),
    graded(
        'assert issubclass(Shape, object)\nassert hasattr(Shape, "area")\nassert Shape().area() == 0',
        "hasattr_",
    ),
    function("def gen(n):", "for k in range(n):\n    yield k", "s14"),
    graded(
        "assert list(gen(3)) == [0, 1, 2]\ng = gen(2)\nassert next(g) == 0\nassert sum(gen(4)) == 6",
        "gens",
    ),
    function("def hello():", 'print("hi")', "s15"),
    graded(
        'import io, contextlib\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n    hello()\nassert b.getvalue() == "hi\\n"',
        "stdout",
    ),
    graded(
        'import sys, io\nold = sys.stdout\nsys.stdout = io.StringIO()\nhello()\ntxt = sys.stdout.getvalue()\nsys.stdout = old\nassert txt == "hi\\n"',
        "stdout_old",
    ),
    function("def ask():", 'return int(input("n?")) + 1', "s16"),
    graded(
        'from unittest.mock import patch\nwith patch("builtins.input", return_value="4"):\n    assert ask() == 5',
        "mock_input",
    ),
    graded(
        'import builtins\nsave = builtins.input\nbuiltins.input = lambda p="": "4"\ntry:\n    assert ask() == 5\nfinally:\n    builtins.input = save',
        "builtins_input",
    ),
    graded('input = lambda p="": "4"\nassert ask() == 5\ndel input', "global_input"),
    graded(
        "assert isinstance(double(2), int) and type(double(2)) == int and type(double(1.0)) is float",
        "types",
    ),
    graded('assert double.__name__ == "double"\nassert double.__code__.co_argcount == 1', "code"),
    graded("big = list(range(1200000))\nassert len(double(big)) == 2400000", "big_data"),
    graded("w = [1, 2]\nassert double(w) is not w\nassert double is double", "is_"),
]
LABS["plain4"] = [
    free("import numpy as np"),
    function("def double(v):", "return 2 * v", "s1"),
    graded(
        "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nout2 = double(4)\ndef near(a, b):\n    return abs(a - b) < 1e-9\nassert near(out2, 8)\n### END HIDDEN TESTS",
        "first",
    ),
    graded(
        "### BEGIN HIDDEN TESTS\nassert near(double(2), 4)\n### END HIDDEN TESTS",
        "helper_of_earlier",
    ),
    graded("### BEGIN HIDDEN TESTS\nassert out2 == 8\n### END HIDDEN TESTS", "value_of_earlier"),
    graded("seen = double(5)\nassert seen == 10", "vis1"),
    graded("assert seen == 10", "visible_of_earlier"),
    locked("total = 0\nfor k in range(4):\n    total += k", "l2"),
    graded("assert double(total) == 12", "loop_sum"),
    locked('limits = {}\nlimits["low"] = 1\nlimits["high"] = 2', "l3"),
    graded('assert double(limits["low"]) == 2', "dict_filled"),
    locked('words = ["b", "a"]\nwords.sort()', "l4"),
    function("def pick(w):", "return w[0]", "s4"),
    graded('assert pick(words) == "a"', "sorted_in_place"),
    locked("cases = []\ncases += [(1, 2), (3, 6)]", "l5"),
    graded("for a, b in cases:\n    assert double(a) == b", "vacuous_cases"),
    locked("expected = {}\nfor k in range(3):\n    expected[k] = 2 * k", "l6"),
    graded("for k, v in expected.items():\n    assert double(k) == v", "vacuous_dict"),
    locked("np.random.seed(1)\nfixed = np.random.rand(3)", "l7"),
    solution("got = fixed.sum()", "s7"),
    graded("assert np.isclose(got, fixed.sum())", "seeded_one"),
    solution("import math\nfrom math import sqrt as root", "s8"),
    graded("assert root(4) == 2\nassert math.sqrt(4) == 2", "imported_fn"),
    graded('assert "double" in dir() and callable(double)', "dir_fn"),
    graded(
        'ok = True\nfor name in ["double"]:\n    ok = ok and name in globals()\nassert ok',
        "globals_fn",
    ),
    graded('assert eval("double(2)") == 4', "eval_"),
    graded('exec("r = double(3)")\nassert r == 6', "exec_"),
    graded('assert double(2) == 4, "no"\nassert double.__doc__ is None', "doc"),
    graded(
        "import time\nt0 = time.time()\nfor k in range(3000):\n    assert double(k) == 2 * k\nassert time.time() - t0 < 2",
        "many_calls",
    ),
]
LABS["deleted"] = [
    function("def square(n):", "return n * n", "s1"),
    function("def total(n):", "return sum(square(k) for k in range(n + 1))", "s2"),
    graded(
        "kept = square\ndel square\ntry:\n    total(2)\nexcept NameError:\n    pass\nelse:\n"
        "    raise AssertionError('total does not use square')\nfinally:\n    square = kept",
        "uses_square",
    ),
    graded("assert square(3) == 9\nassert total(2) == 5", "still_there"),
]
if importlib.util.find_spec("pandas"):
    LABS["plain_pandas"] = [
        free("import pandas as pd"),
        solution('df = pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")})', "s10"),
        graded("assert isinstance(df, pd.DataFrame)", "df_isinstance"),
        graded('assert df.shape == (3, 2)\nassert list(df.columns) == ["a", "b"]', "df_shape"),
        graded('assert df["a"].sum() == 6\nassert df["a"].tolist() == [1, 2, 3]', "df_sum"),
        graded(
            'pd.testing.assert_frame_equal(df, pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")}))',
            "df_equal",
        ),
        graded('assert df.equals(pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")}))', "df_equals"),
        graded(
            'assert len(df) == 3\nassert (df["a"] > 0).all()\nassert df.iloc[0]["b"] == "x"',
            "df_iloc",
        ),
        function("def clean(d):", "return d.dropna()", "s11"),
        graded('assert len(clean(pd.DataFrame({"a": [1, None]}))) == 1', "df_arg"),
    ]
