"""Attacks by what an answer returns: data that lie, are too large, or hit their reader."""

from __future__ import annotations

from tests.attacks.model import Attack, everywhere

_MUST = "What comes back is data to be checked: 0 points, and the reader is not hurt."
_NO_AGENT = "not run against stock: it has no agent"


def _lie(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, "values that lie", tries, _MUST, everywhere(code), **more)


def _wire(name: str, tries: str, value: str, **more: object) -> Attack:
    """An attack by a forged agent, whose answer holds the JSON text that `value` evaluates to."""
    code = f"""
import sys
agent = sys.modules.get("_grading_agent")
if agent is not None:
    value = {value}
    answer = '{{"t": "dict", "v": [["value", ' + value + ']]}}'
    agent.handle = lambda text: agent.Reply(answer)
double = lambda *a, **k: None
"""
    return _lie(name, tries, code, stock=_NO_AGENT, **more)


def _array(dtype: str, shape: str, data: str) -> str:
    return f"""'{{"t": "array", "d": "{dtype}", "s": {shape}, "v": "{data}"}}'"""


VALUES = [
    _lie(
        "pickle_payload",
        "Returns an object that, unpickled, would run a command where the gradebook is.",
        """
class Payload:
    def __reduce__(self):
        return (__import__("os").system, ("touch @COURSE@/escaped",))
double = lambda *a, **k: Payload()
""",
    ),
    _lie(
        "array_of_objects",
        "Returns arrays of objects, whose comparison runs the student's code.",
        "import numpy as np\nclass Yes:\n    def __eq__(self, other): return True\n"
        "double = lambda *a, **k: np.array([Yes(), Yes()], dtype=object)",
    ),
    _lie(
        "nan", "Returns NaN, which no `>` finds too large.", "double = lambda *a, **k: float('nan')"
    ),
    _lie(
        "negative_and_infinite",
        "Returns minus infinity, to turn a sum of points upside down.",
        "double = lambda *a, **k: float('-inf')",
    ),
    _lie(
        "printed_numbers",
        "Prints and displays the points it would like to have, in cells and in calls.",
        """
from IPython.display import display
def double(*a, **k):
    print(6)
    display(6)
    return 6
print(4); display(4); 6
""",
    ),
    _lie(
        "number_as_last_expression",
        "Publishes an execute result of its own for the cell of the test.",
        """
def double(*a, **k):
    kernel = get_ipython().kernel
    content = {"data": {"text/plain": "6"}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", content,
                        parent=kernel.get_parent(), ident=b"execute_result")
    raise KeyboardInterrupt
""",
    ),
    _lie(
        "negative_points_displayed",
        "Displays NaN and negative numbers, which stock nbgrader takes for full points.",
        "double = lambda *a, **k: float('nan')\n"
        "class Odd(float):\n    def __repr__(self): return '-1'\n"
        "    def __eq__(self, o): return True\n"
        "    def __rmul__(self, o): return self\n    def __radd__(self, o): return self\n"
        "    def __mul__(self, o): return self\n"
        "class Nan(Odd):\n    def __eq__(self, o): return Odd(1)\n"
        "double = lambda *a, **k: Nan()",
    ),
    _lie(
        "huge_array",
        "Returns an array of 400 MB.",
        "import numpy as np\ndouble = lambda *a, **k: np.zeros(5 * 10**7)",
    ),
    _lie(
        "million_elements",
        "Returns a list of three million numbers.",
        "double = lambda *a, **k: [0] * 3_000_000",
    ),
    _lie(
        "nested_deep",
        "Returns lists nested 5,000 deep.",
        "nested = []\nfor _ in range(5000):\n    nested = [nested]\n"
        "double = lambda *a, **k: nested",
    ),
    _lie(
        "recursive_container",
        "Returns a list, a dict and an array that hold themselves.",
        "import numpy as np\nround_ = []\nround_.append(round_)\nring = {}\nring['ring'] = ring\n"
        "box = np.array([None], dtype=object)\nbox[0] = [box, ring, round_]\n"
        "double = lambda *a, **k: (round_, ring, box)",
    ),
    _lie(
        "huge_integer",
        "Returns an integer of a million digits.",
        "double = lambda *a, **k: 1 << 3_400_000",
    ),
    _lie(
        "surrogate_text",
        "Returns text that is no text in UTF-8.",
        "double = lambda *a, **k: '\\ud800' * 10",
    ),
    _lie(
        "endless_iteration",
        "Returns an object that says it is 10**15 long and has an element everywhere.",
        "class Long:\n    def __len__(self): return 10**15\n"
        "    def __getitem__(self, i): return 0\n"
        "double = lambda *a, **k: Long()",
    ),
    _lie(
        "error_text_raises",
        "Raises an error whose text cannot be made, because __str__ raises.",
        "class Bad(Exception):\n    def __str__(self): raise Bad()\n    __repr__ = __str__\n"
        "def double(*a, **k): raise Bad()",
    ),
    _lie(
        "error_text_hangs",
        "Raises an error whose text never ends, because __str__ loops.",
        "class Slow(Exception):\n    def __str__(self):\n        while True: pass\n"
        "def double(*a, **k): raise Slow()",
    ),
    _lie(
        "error_of_a_strange_type",
        "Raises an ExceptionGroup whose type is called like a builtin that takes other arguments.",
        "def double(*a, **k):\n    raise ExceptionGroup('many', [ValueError(), KeyError()])",
    ),
    _lie(
        "infinite_generator",
        "Returns a generator that never ends.",
        "import itertools\ndouble = lambda *a, **k: itertools.count()",
    ),
    _wire(
        "lying_shape",
        "Says that eight bytes are an array of 10**12 numbers.",
        _array("<f8", "[1000000, 1000000]", "AAAAAAAAAAA="),
    ),
    _wire(
        "lying_empty_shape",
        "Says that no bytes are an array with one empty and two gigantic axes.",
        _array("<f8", "[0, 1000000000, 1000000000]", ""),
    ),
    _wire(
        "forbidden_dtype",
        "Says that bytes are an array of Python objects, which would be addresses in the reader.",
        _array("|O", "[1]", "QUFBQUFBQUE="),
    ),
    _wire(
        "equal_hashes",
        "Answers with a set of numbers with the same hash, which takes for ever to build.",
        '\'{"t": "set", "v": [%s]}\' % \',\'.join(str(k * (2**61 - 1)) for k in range(15_000))',
    ),
    _wire(
        "wide_texts",
        "Answers with an array of 500 texts, one of which is 400,000 characters long.",
        '\'{"t": "strings", "s": [501], "v": ["%s"%s]}\' % (\'x\' * 400_000, \',""\' * 500)',
    ),
    _wire("answer_that_is_not_json", "Answers with text that is no JSON.", "'[[[[' * 30_000"),
    _wire(
        "unknown_handle",
        "Answers with handles of objects that there are none of, by numbers of every size.",
        """'{"t": "list", "v": [%s]}' % ','.join("""
        """'{"t": "handle", "v": %d, "type": "", "callable": true}' % n for n in (0, -1, 9**30))""",
    ),
]
