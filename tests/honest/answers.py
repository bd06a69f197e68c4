"""Other ways to write a right answer."""

from __future__ import annotations

from tests.honest.submission import Cell, Honest

_LOOPS = """def convolve2d(image, kernel):
    out = []
    for i in range(len(image) - len(kernel) + 1):
        row = []
        for j in range(len(image[0]) - len(kernel[0]) + 1):
            total = 0
            for a in range(len(kernel)):
                for b in range(len(kernel[0])):
                    total += image[i + a][j + b] * kernel[-1 - a][-1 - b]
            row.append(total)
        out.append(row)
    return {}"""

SUBMISSIONS = (
    Honest(
        "slow_loops",
        "Four loops instead of slices.",
        {"convolve2d": _LOOPS.format("np.array(out)")},
    ),
    Honest(
        "very_slow_loops",
        "Right, but every call takes its time.",
        {"convolve2d": "import time\n" + _LOOPS.format("time.sleep(0.3) or np.array(out)")},
        slow=True,
    ),
    Honest(
        "float32_answers",
        "Everything is computed in 32 bits.",
        {
            "double": "def double(x):\n    return np.float32(2) * np.asarray(x, dtype='float32')",
            "convolve2d": _LOOPS.format("np.array(out, dtype=np.float32)"),
        },
    ),
    Honest(
        "lists_for_arrays",
        "A list where an array would do as well, and an array where a list would.",
        {
            "moving_sum": """def moving_sum(values, width):
    return np.convolve(values, np.ones(width, dtype=int), mode="valid")""",
            "lowest_highest": "def lowest_highest(v):\n    return [min(v), max(v)]",
        },
    ),
    Honest(
        "numpy_scalars",
        "NumPy's own numbers and whole numbers come back, and an array of no dimensions.",
        {
            "double": "def double(x):\n    return np.array(2) * x",
            "lowest_highest": "def lowest_highest(v):\n    return np.min(v), np.float64(np.max(v))",
            "count_words": """def count_words(text):
    words, counts = np.unique(text.split(), return_counts=True)
    return dict(zip(words.tolist(), counts))""",
        },
    ),
    Honest(
        "numpy_strings_as_keys",
        "The keys of a dictionary are NumPy's strings, which are strings.",
        {
            "count_words": """def count_words(text):
    words, counts = np.unique(text.split(), return_counts=True)
    return dict(zip(words, counts))"""
        },
    ),
    Honest(
        "counter",
        "collections.Counter, which is a dictionary.",
        {
            "count_words": "import collections\ndef count_words(text):\n"
            "    return collections.Counter(text.split())"
        },
    ),
    Honest(
        "defaultdict",
        "collections.defaultdict, which is a dictionary.",
        {
            "count_words": """from collections import defaultdict
def count_words(text):
    counts = defaultdict(int)
    for word in text.split():
        counts[word] += 1
    return counts"""
        },
    ),
    Honest(
        "named_tuple",
        "A named tuple, which is a tuple.",
        {
            "lowest_highest": """from typing import NamedTuple
class Span(NamedTuple):
    low: float
    high: float
def lowest_highest(values):
    return Span(min(values), max(values))"""
        },
    ),
    Honest(
        "generator_function",
        "The answer yields its items, and the test makes a list of them.",
        {
            "moving_sum": """def moving_sum(values, width):
    for i in range(len(values) - width + 1):
        yield sum(values[i : i + width])"""
        },
    ),
    Honest(
        "map_and_zip",
        "A map over windows; the test makes a list of it.",
        {
            "moving_sum": """def moving_sum(values, width):
    return map(sum, zip(*(values[i:] for i in range(width))))"""
        },
    ),
    Honest(
        "deque",
        "collections.deque, of which the test makes a list.",
        {
            "moving_sum": """from collections import deque
def moving_sum(values, width):
    window, out = deque(maxlen=width), deque()
    for value in values:
        window.append(value)
        if len(window) == width:
            out.append(sum(window))
    return out"""
        },
    ),
    Honest(
        "fractions",
        "A mean as an exact fraction, which equals the number.",
        {
            "running_mean": """from fractions import Fraction
class RunningMean:
    def __init__(self):
        self.total, self.n = Fraction(0), 0
    def add(self, value):
        self.total += Fraction(value)
        self.n += 1
    @property
    def mean(self):
        return self.total / self.n
    def __len__(self):
        return self.n"""
        },
    ),
    Honest(
        "long_doubles",
        "The most precise numbers that NumPy has.",
        {
            "double": "def double(x):\n    return 2 * np.asarray(x, dtype=np.longdouble)",
            "lowest_highest": "def lowest_highest(v):\n"
            "    return tuple(np.longdouble(f(v)) for f in (min, max))",
        },
    ),
    Honest(
        "other_array_kinds",
        "Fortran order, backwards views, big-endian numbers, masked arrays and matrices.",
        {
            "double": """def double(x):
    if np.ndim(x) == 0:
        return np.ma.masked_array(x + x)
    return np.asmatrix(np.asfortranarray(x[::-1] + x[::-1])[::-1].astype('>f8'))""",
        },
    ),
    Honest(
        "a_matrix_where_an_array_was_asked",
        "The answer was computed with np.matrix and is right as an array.",
        {"convolve2d": _LOOPS.format("np.asmatrix(out)")},
    ),
    Honest(
        "recursion",
        "Each answer calls itself, and deep recursion is allowed.",
        {
            "moving_sum": """import sys
sys.setrecursionlimit(100_000)
def moving_sum(values, width):
    if len(values) < width:
        return []
    return [sum(values[:width])] + moving_sum(values[1:], width)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
assert depth(20_000) == 20_000"""
        },
    ),
    Honest(
        "callable_objects_partial_lambda",
        "A partial, a callable object, a lambda and a bound method instead of functions.",
        {
            "double": "import functools, operator\ndouble = functools.partial(operator.mul, 2)",
            "moving_sum": """class Mover:
    def __call__(self, values, width):
        return [sum(values[i:i + width]) for i in range(len(values) - width + 1)]
moving_sum = Mover()""",
            "lowest_highest": "lowest_highest = lambda v: (sorted(v)[0], sorted(v)[-1])",
            "count_words": """class Words:
    def count(self, text):
        return {w: text.split().count(w) for w in text.split()}
count_words = Words().count""",
        },
    ),
    Honest(
        "decorators_and_caches",
        "A timer round one answer, lru_cache round another, a cache in a default argument.",
        {
            "double": """import functools, time
def timed(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        start = time.perf_counter()
        value = f(*args, **kwargs)
        print(f"{f.__name__}: {time.perf_counter() - start:.3f} s")
        return value
    return inner
@timed
def double(x, *, seen={}):
    return seen.setdefault(str(x), x + x)""",
            "count_words": """@functools.lru_cache(maxsize=None)
def count_words(text):
    return {w: text.split().count(w) for w in text.split()}""",
            "lowest_highest": """@functools.singledispatch
def lowest_highest(values):
    raise TypeError(values)
@lowest_highest.register(list)
def _(values):
    return min(values), max(values)""",
        },
    ),
    Honest(
        "ufuncs_and_vectorize",
        "np.vectorize and np.frompyfunc made the function.",
        {"double": "double = np.vectorize(lambda v: v + v)"},
    ),
    Honest(
        "type_hints_and_docstrings",
        "Annotations, generics, overloads, docstrings and doctests.",
        {
            "double": '''from __future__ import annotations
from typing import TypeVar, overload
T = TypeVar("T", float, "np.ndarray")
def double(x: T) -> T:
    """Twice x.

    >>> double(2)
    4
    """
    return x + x
import doctest
doctest.run_docstring_examples(double, {"double": double})'''
        },
    ),
    Honest(
        "other_kinds_of_class",
        "A class with a base class, slots, a class method and operators of its own.",
        {
            "running_mean": """import abc
from dataclasses import dataclass, field
class Base(abc.ABC):
    @property
    @abc.abstractmethod
    def mean(self): ...
@dataclass(slots=True, order=True)
class RunningMean(Base):
    total: float = 0.0
    n: int = field(default=0, repr=False)
    def add(self, value):
        self.total, self.n = self.total + value, self.n + 1
    @property
    def mean(self):
        return self.total / self.n
    def __len__(self):
        return self.n
    def __eq__(self, other):
        return self.mean == other.mean
    @classmethod
    def of(cls, *values):
        return cls(sum(values), len(values))"""
        },
    ),
    Honest(
        "a_factory_for_the_class",
        "The name is a function that makes objects; calls may be chained.",
        {
            "running_mean": """from types import SimpleNamespace
class _Mean(list):
    add = list.append
    mean = property(lambda self: sum(self) / len(self))
def RunningMean():
    return _Mean()"""
        },
    ),
    Honest(
        "unicode_names_and_texts",
        "Identifiers and texts outside ASCII, and emoji.",
        {
            "double": """def verdopple(größe, *, π=3.14):
    Ünïcode = "😀 naïve Ω \\N{SNOWMAN} \\ud83d"
    return größe + größe
double = verdopple  # 倍にする""",
            "lowest_highest": "def lowest_highest(значения):\n"
            "    最小, 最大 = min(значения), max(значения)\n    return 最小, 最大",
        },
    ),
    Honest(
        "tabs_and_odd_layout",
        "Tabs, semicolons, line joins, form feeds and blanks at line ends.",
        {
            "double": "def double(x):\n\ty = x; z = \\\n\t\tx\n\treturn y + z   \n\n\n\n",
            "moving_sum": "\n\n# a comment first\ndef moving_sum(v, w): return [sum(v[i:i+w])"
            "\n  for i in range(len(v)\n    - w + 1)]\n\f\n",
        },
    ),
    Honest(
        "lambda_walrus_match_comprehensions",
        "Newer syntax and clever one-liners.",
        {
            "double": "def double(x):\n    match x:\n        case int(n):\n"
            "            return n << 1\n        case _:\n            return (y := x) + y",
            "count_words": "count_words = lambda t: "
            "{w: n for w in t.split() if (n := t.split().count(w))}",
        },
    ),
    Honest(
        "half_done",
        "One task is not attempted, one half right: the others count in full.",
        {
            "double": "raise NotImplementedError",
            "lowest_highest": "def lowest_highest(v):\n    return sorted(v)[0], v[0]",
        },
        due={"test_double": 0, "test_lowest_highest": 3},
    ),
    Honest(
        "more_parameters",
        "Answers have further parameters with defaults, and * and **.",
        {
            "double": "def double(*args, factor=2, **options):\n    return args[0] * factor",
            "moving_sum": "def moving_sum(values, width=2, /, step=1):\n    return "
            "[sum(values[i:i+width]) for i in range(0, len(values) - width + 1, step)]",
        },
    ),
    Honest(
        "big_numbers",
        "Whole numbers of thousands of digits are met on the way.",
        {
            "double": "import math\ndef double(x):\n"
            "    return (math.factorial(2000) * x * 2) // math.factorial(2000)"
            " if isinstance(x, int) else 2 * x"
        },
        (Cell("double", "import math\nmath.factorial(1000)"),),
    ),
)
