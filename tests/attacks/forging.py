"""Attacks that want points without an answer."""

from __future__ import annotations

from tests.attacks.model import Attack, everywhere

_MUST = "No test believes it: 0 points."
_STUB = "double = lambda *a, **k: None\n"


def _forge(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, "forging a pass", tries, _MUST, everywhere(code), **more)


_YES = """
class Yes(float):
    def _yes(self, *a, **k): return True
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = __bool__ = _yes
    def __ne__(self, other): return False
    def _me(self, *a, **k): return self
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __getitem__ = _me
    __hash__ = float.__hash__
    def __getattr__(self, name): return self
    __call__ = _me
"""

FORGING = [
    _forge(
        "input_transformer",
        "Replaces IPython's input transformer, so that later cells, tests among them, become pass.",
        _STUB + "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    ),
    _forge(
        "swapped_run_cell",
        "Swaps the shell's run_cell_async for one that runs nothing and reports success.",
        _STUB
        + """
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
async def run_cell_async(self, raw, *a, **k):
    result = ExecutionResult(ExecutionInfo(raw, False, True, True, None))
    result.execution_count = 1
    return result
InteractiveShell.run_cell_async = run_cell_async
""",
    ),
    _forge(
        "equals_everything",
        "Returns an object that says yes to every comparison.",
        _YES + "double = lambda *a, **k: Yes(1)",
    ),
    _forge(
        "equal_array",
        "Returns an array whose class answers every NumPy function with True.",
        """
import numpy as np
class Right(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return np.True_
    def __eq__(self, other): return np.True_
double = lambda *a, **k: np.zeros(2).view(Right)
""",
    ),
    _forge(
        "patched_numpy_testing",
        "Returns something that is always equal and patches numpy.testing, np.all and np.allclose.",
        _YES
        + """
import numpy as np, numpy.testing
for name in dir(numpy.testing):
    if name.startswith("assert"):
        setattr(numpy.testing, name, lambda *a, **k: None)
np.all = np.allclose = np.array_equal = lambda *a, **k: True
double = lambda *a, **k: Yes(1)
""",
    ),
    _forge(
        "patched_builtins",
        "Replaces sum, all, map and print in builtins by ones that find everything right.",
        _STUB
        + """
import builtins
builtins.sum = lambda *a, **k: 3
builtins.all = lambda *a, **k: True
builtins.map = lambda *a, **k: []
""",
    ),
    _forge(
        "assert_removed",
        "Adds an AST transformer to the shell that takes every assert out of later cells.",
        _STUB
        + """
import ast
class NoAssert(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(NoAssert())
""",
    ),
    _forge(
        "errors_swallowed",
        "Sets a handler for all exceptions that shows none, so that no error is in the output.",
        _STUB + "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)",
    ),
    _forge(
        "traceback_silenced",
        "Replaces showtraceback, so that a failed test leaves no output.",
        _STUB
        + "shell = get_ipython()\n"
        + "shell.showtraceback = shell._showtraceback = lambda *a, **k: None",
    ),
    _forge(
        "compiled_away",
        "Replaces the shell's compiler, so that every later cell is compiled as a pass.",
        _STUB
        + """
from IPython.core.compilerop import CachingCompiler
before = CachingCompiler.__call__
def nothing(self, source, filename, symbol):
    import ast
    return before(self, ast.parse("") if symbol == "exec" else source, filename, symbol)
CachingCompiler.__call__ = nothing
""",
    ),
    _forge(
        "shown_full_marks",
        "Replaces the display formatter, so that every displayed result reads 6.",
        _STUB
        + "get_ipython().display_formatter.format = lambda *a, **k: ({'text/plain': '6'}, {})\n"
        + "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)",
    ),
    _forge(
        "hook_before_cells",
        "Registers a hook that redefines the tested functions' comparison before every cell.",
        _YES
        + """
def hook(*a):
    get_ipython().user_ns.update(double=lambda *a, **k: Yes(1), square=lambda *a, **k: Yes(1))
get_ipython().events.register("pre_run_cell", hook)
double = lambda *a, **k: Yes(1)
""",
    ),
    _forge(
        "forged_agent",
        "Replaces the examiner's agent in the kernel by one that answers True and names points.",
        """
import sys
agent = sys.modules.get("_grading_agent")
if agent is not None:
    text = '{"t": "dict", "v": [["value", true], ["points", 6], ["mark", "passed"]]}'
    agent.handle = lambda request: agent.Reply(text)
double = lambda *a, **k: True
""",
    ),
    _forge(
        "mark_as_answer",
        "Answers with a value of a kind of its own that claims to be a full mark.",
        """
import sys
agent = sys.modules.get("_grading_agent")
if agent is not None:
    mark = '{"t": "Mark", "points": 6, "maximum": 6, "outcome": "passed"}'
    agent.handle = lambda r: agent.Reply('{"t": "dict", "v": [["value", %s]]}' % mark)
double = lambda *a, **k: None
""",
    ),
    _forge(
        "forged_execute_reply",
        "Sends execute replies of its own that report success for whatever is asked next.",
        """
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, message, content=None, *a, **k):
    if message == "execute_reply":
        content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions":
                   {"reply": {"status": "ok", "metadata": {}, "data": {
                       "application/x-examiner": "true", "text/plain": "6"}}}}
    if message == "error":
        return None
    return send(stream, message, content, *a, **k)
kernel.session.send = forged
double = lambda *a, **k: None
""",
    ),
    _forge(
        "array_as_points",
        "Returns arrays, so that a test's sum of points is an array and no number to be read.",
        "import numpy as np\ndouble = lambda *a, **k: np.array([0.5, 0.25])",
    ),
    _forge(
        "text_as_points",
        "Returns texts, so that a test's last line is a text and no number.",
        "double = lambda *a, **k: 'nan'",
    ),
    _forge(
        "stop_iteration",
        "Raises StopIteration, which ends an `all(map(...))` in a test before it finds anything.",
        "def double(*a, **k):\n    raise StopIteration",
    ),
    _forge(
        "raised_assertion",
        "Raises an AssertionError with an empty text, to be taken for a test that passed.",
        "def double(*a, **k):\n    raise AssertionError('')",
    ),
    _forge(
        "exit_with_success",
        "Ends the interpreter with status 0 from inside the tested function.",
        "def double(*a, **k):\n    raise SystemExit(0)",
    ),
]
