"""Right answers to other kinds of task, whose tests are plain asserts as in stock nbgrader."""

from __future__ import annotations

from tests.honest.submission import Honest, Task


def _right(name: str, says: str, solution: str, hidden: str, **more: object) -> Honest:
    """The instructor's own solution, handed in."""
    task = Task(solution, hidden)
    return Honest(name, says, {"task": solution}, task=task, **more)


SUBMISSIONS = (
    _right(
        "text_of_an_object",
        "A class with __str__ and __repr__ of its own.",
        "class Point:\n    def __init__(self, x): self.x = x\n"
        "    def __str__(self): return f'at {self.x}'\n    __repr__ = __str__",
        "assert str(Point(3)) == 'at 3'\nassert repr(Point(4)) == 'at 4'\n"
        "assert f'{Point(5)}' == 'at 5'",
    ),
    _right(
        "operators_of_a_class",
        "A class with arithmetic and comparison of its own.",
        """class Money:
    def __init__(self, amount): self.amount = amount
    def __add__(self, other): return Money(self.amount + other.amount)
    def __neg__(self): return Money(-self.amount)
    def __eq__(self, other): return self.amount == other.amount
    def __lt__(self, other): return self.amount < other.amount
    def __abs__(self): return abs(self.amount)""",
        "assert (Money(1) + Money(2)).amount == 3\n"
        "assert (-Money(1)).amount == -1\nassert Money(1) < Money(2)\nassert abs(Money(-2)) == 2\n"
        "assert Money(3) == Money(3)\nassert Money(3) != Money(4)",
    ),
    _right(
        "operators_with_numbers",
        "A class whose objects can be multiplied by numbers.",
        """class Money:
    def __init__(self, amount): self.amount = amount
    def __mul__(self, times): return Money(self.amount * times)
    __rmul__ = __mul__""",
        "assert (2 * Money(4) * 2).amount == 16",
    ),
    _right(
        "containers",
        "A class that is a container: in, iteration, items, its truth and its length.",
        """class Bag:
    def __init__(self, *things): self.things = list(things)
    def __contains__(self, thing): return thing in self.things
    def __iter__(self): return iter(self.things)
    def __len__(self): return len(self.things)
    def __getitem__(self, place): return self.things[place]""",
        "bag = Bag(3, 1, 2)\nassert 3 in bag and 7 not in bag\nassert sorted(bag) == [1, 2, 3]\n"
        "assert len(bag) == 3 and bag[0] == 3 and bag[1:] == [1, 2]\nassert [*bag] == [3, 1, 2]",
    ),
    _right(
        "iterators",
        "Generators and iterators, endless ones among them.",
        """def evens():
    n = 0
    while True:
        yield n
        n += 2
def squares(n):
    return (i * i for i in range(n))""",
        "import itertools\nassert list(itertools.islice(evens(), 3)) == [0, 2, 4]\n"
        "it = squares(3)\nassert next(it) == 0\nassert list(it) == [1, 4]\n"
        "assert sum(squares(4)) == 14",
    ),
    _right(
        "list_with_methods",
        "A class that extends list and has methods of its own.",
        "class Stack(list):\n    push = list.append\n    def peek(self): return self[-1]",
        "s = Stack()\ns.push(1)\ns.push(2)\nassert s.peek() == 2 and len(s) == 2\n"
        "assert s.pop() == 2 and list(s) == [1] and s == [1]",
    ),
    _right(
        "number_with_methods",
        "A class that extends float and has methods of its own.",
        "class Celsius(float):\n    def fahrenheit(self): return self * 9 / 5 + 32",
        "assert Celsius(100).fahrenheit() == 212\nassert Celsius(3) == 3",
    ),
    _right(
        "fields_of_a_named_tuple",
        "A named tuple whose fields are read.",
        "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')",
        "p = Point(1, 2)\nassert p == (1, 2) and p.x == 1 and p._replace(y=5).y == 5",
    ),
    _right(
        "members_of_an_enum",
        "Enumerations, plain and of whole numbers.",
        "import enum\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\n"
        "class Level(enum.IntEnum):\n    LOW = 1",
        "assert Colour.RED.value == 1 and Colour['BLUE'].name == 'BLUE'\n"
        "assert Colour(2).value == 2 and Level.LOW == 1",
    ),
    _right(
        "isinstance",
        "The test asks whether an object is of the student's class, and of a builtin type.",
        "class Animal: pass\nclass Dog(Animal):\n    legs = 4",
        "assert isinstance(Dog(), Animal)\nassert issubclass(Dog, Animal)\n"
        "assert isinstance(Dog().legs, int)\nassert not isinstance(Animal(), Dog)",
    ),
    _right(
        "type_of_results",
        "The test looks at types of what comes back.",
        "def pair(): return 1, [2.0]\ndef grid(): return np.zeros((2, 3), dtype=np.int32)",
        "assert isinstance(pair(), tuple) and type(pair()[1]) is list\n"
        "g = grid()\nassert isinstance(g, np.ndarray)\n"
        "assert g.dtype == np.int32 and g.shape == (2, 3)",
    ),
    _right(
        "attributes_are_set",
        "The test sets an attribute of an object and reads what follows.",
        "class Circle:\n    def __init__(self, r): self.r = r\n"
        "    @property\n    def diameter(self): return 2 * self.r",
        "c = Circle(1)\nc.r = 5\nassert c.diameter == 10",
    ),
    _right(
        "items_are_set",
        "The test sets an item of an object and deletes it.",
        "class Board:\n    def __init__(self): self.d = {}\n"
        "    def __setitem__(self, k, v): self.d[k] = v\n"
        "    def __getitem__(self, k): return self.d[k]\n"
        "    def __delitem__(self, k): del self.d[k]\n    def __len__(self): return len(self.d)",
        "b = Board()\nb[1, 2] = 'x'\nassert b[1, 2] == 'x'\ndel b[1, 2]\nassert len(b) == 0",
    ),
    _right(
        "raises_what_it_should",
        "The answer must raise, and does; the test catches it.",
        "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x ** 0.5",
        "try:\n    root(-1)\nexcept ValueError as error:\n    assert 'negative' in str(error)\n"
        "else:\n    assert False\nimport pytest\nwith pytest.raises(ValueError):\n    root(-4)",
    ),
    _right(
        "raises_an_os_error",
        "A missing file must raise FileNotFoundError, and does.",
        "def first_line(path):\n    with open(path) as file:\n        return file.readline()",
        "try:\n    first_line('nosuchfile')\nexcept FileNotFoundError:\n    pass\n"
        "else:\n    assert False",
    ),
    _right(
        "raises_its_own_error",
        "An exception class of the student's is raised and caught by its name.",
        "class TooSmall(ValueError): pass\ndef check(x):\n    if x < 3:\n        raise TooSmall(x)",
        "try:\n    check(1)\nexcept TooSmall:\n    pass\nelse:\n    assert False",
    ),
    _right(
        "functions_as_arguments",
        "The test hands a function of its own to the answer.",
        "def apply_twice(f, x):\n    return f(f(x))\ndef slope(f, x, h=1e-6):\n"
        "    return (f(x + h) - f(x - h)) / (2 * h)",
        "assert apply_twice(lambda n: n + 3, 1) == 7\n"
        "assert np.isclose(slope(np.sin, 0.0), 1)\n"
        "assert np.isclose(slope(lambda x: x**2, 3.0), 6)",
    ),
    _right(
        "functions_as_results",
        "The answer returns a function.",
        "def adder(n):\n    return lambda x: x + n\n"
        "def compose(f, g):\n    return lambda x: f(g(x))",
        "assert adder(2)(3) == 5\nassert compose(adder(1), adder(10))(0) == 11",
    ),
    _right(
        "plain_variables",
        "The answer is a variable, a list of words, an array, a dictionary of lists.",
        "answer = 42\nwords = ['a', 'b']\nweights = np.eye(2)\n"
        "table = {'x': [1, 2], 'y': (3, None)}",
        "assert answer == 42 and words[-1] == 'b'\nassert np.array_equal(weights, np.eye(2))\n"
        "assert table['x'] == [1, 2] and table['y'] == (3, None) and set(table) == {'x', 'y'}",
    ),
    _right(
        "strings_bytes_sets",
        "Strings, bytes, sets, ranges, complex and big numbers, NaN and infinity come back.",
        "import math\ndef give():\n"
        "    return 'ü😀', b'\\x00', {1, 2}, frozenset('a'), 1j, math.nan, -math.inf\n"
        "def numbers(): return range(3)\ndef big(): return math.factorial(1500)\n"
        "def label(): return np.array(['cat', 'dog'])[0]",
        "import math\ns, b, s2, f, c, nan, inf = give()\n"
        "assert s == 'ü😀' and b == b'\\0' and s2 == {1, 2} and f == frozenset('a') and c == 1j\n"
        "assert math.isnan(nan) and inf == -math.inf\nassert list(numbers()) == [0, 1, 2]",
    ),
    _right(
        "numpy_strings",
        "A NumPy string comes back, which is a string.",
        "def label(): return np.array(['cat', 'dog'])[0]",
        "assert label() == 'cat'",
    ),
    _right(
        "factorials",
        "A whole number of two thousand digits comes back.",
        "def factorial(n):\n    return 1 if n < 2 else n * factorial(n - 1)",
        "import math\nassert factorial(5) == 120\nassert factorial(900) == math.factorial(900)\n"
        "assert factorial(600) == math.factorial(600)",
    ),
    _right(
        "arguments_changed_in_place",
        "The answer sorts a list and fills an array in place, as the task asks.",
        "def sort(values):\n    values.sort()\ndef fill(a):\n    a[:] = 7",
        "values = [3, 1, 2]\nsort(values)\nassert values == [1, 2, 3]\n"
        "a = np.zeros(3)\nfill(a)\nassert (a == 7).all()",
    ),
    _right(
        "printed_text",
        "The task is to print, and the test reads what was printed.",
        "def hello(name):\n    print(f'Hello, {name}!')",
        "import io, contextlib\nsaid = io.StringIO()\nwith contextlib.redirect_stdout(said):\n"
        "    hello('Ada')\nassert said.getvalue() == 'Hello, Ada!\\n'",
    ),
    _right(
        "source_and_signature",
        "The test looks at the answer's name, its text of help and its parameters.",
        "def area(width, height=1):\n    'Width times height.'\n    return width * height",
        "import inspect\nassert area.__name__ == 'area' and 'times' in area.__doc__\n"
        "assert callable(area)\n"
        "assert list(inspect.signature(area).parameters) == ['width', 'height']",
    ),
    _right(
        "arithmetic_on_results",
        "The test computes with what comes back, in functions and comprehensions of its own.",
        "def scale(x, by=2.0):\n    return by * np.asarray(x)",
        "def check(n):\n    return np.allclose(scale(np.full(n, 1.0)) - 2, 0)\n"
        "assert all(check(n) for n in range(4))\nassert scale([1, 2]).sum() == 6\n"
        "assert np.testing.assert_allclose(scale(x=3, by=1), 3) is None",
    ),
    _right(
        "random_state",
        "The test seeds NumPy's global generator, and the answer draws from it.",
        "def throw(n):\n    return np.random.randint(1, 7, size=n)",
        "np.random.seed(3)\nfirst = throw(5)\nnp.random.seed(3)\nassert (throw(5) == first).all()",
    ),
    _right(
        "a_model",
        "The answer is a Keras model.",
        "import keras\ndef build():\n    return keras.Sequential("
        "[keras.layers.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])",
        "import keras\nmodel = build()\nassert isinstance(model, keras.Model)\n"
        "assert isinstance(model.layers[0], keras.layers.Dense)\n"
        "assert not isinstance(model, keras.layers.Dense)\nassert len(model.layers) == 2\n"
        "assert model.count_params() == 19\n"
        "assert model.output_shape == (None, 1)\nassert model.layers[0].units == 3\n"
        "assert model.predict(np.ones((2, 4)), verbose=0).shape == (2, 1)\n"
        "assert [w.shape for w in model.get_weights()] == [(4, 3), (3,), (3, 1), (1,)]",
        slow=True,
    ),
    _right(
        "vectors",
        "A named tuple with operators of its own, in lists and as keys, and one that is empty.",
        """from typing import NamedTuple
class Vector(NamedTuple):
    x: float
    y: float
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
    def __rmul__(self, by): return Vector(by * self.x, by * self.y)
def corners(n): return [Vector(i, i * i) for i in range(n)]
ZERO = Vector(0, 0)""",
        "v = Vector(1, 2)\nassert v + Vector(3, 4) == Vector(4, 6) == (4, 6)\n"
        "assert (2 * v).y == 4 and sum(corners(3), ZERO) == (3, 5)\n"
        "assert corners(3)[-1].y == 4 and {v: 1}[Vector(1, 2)] == 1\n"
        "assert np.allclose(v, [1, 2]) and isinstance(v, tuple)",
    ),
    _right(
        "a_bank",
        "An account that prints, refuses with an exception of its own, and can be a context.",
        """class Overdrawn(Exception):
    def __init__(self, missing):
        super().__init__(f"{missing} missing")
        self.missing = missing
class Account:
    def __init__(self, owner, balance=0): self.owner, self.balance = owner, balance
    def __iadd__(self, amount):
        self.balance += amount
        return self
    def take(self, amount):
        if amount > self.balance:
            raise Overdrawn(amount - self.balance)
        self.balance -= amount
        print(f"{self.owner} takes {amount}")
    def __enter__(self): return self
    def __exit__(self, *error): self.balance = 0""",
        "import contextlib, io\nfrom inspect import signature\na = Account('Ada')\na += 5\n"
        "said = io.StringIO()\nwith contextlib.redirect_stdout(said):\n    a.take(2)\n"
        "assert said.getvalue().strip() == 'Ada takes 2' and a.balance == 3\n"
        "try:\n    a.take(10)\nexcept Overdrawn as error:\n    assert error.missing == 7\n"
        "    assert str(error) == '7 missing'\nelse:\n    assert False\n"
        "with a as same:\n    same.owner = 'Bob'\nassert (a.owner, a.balance) == ('Bob', 0)\n"
        "assert signature(Account).parameters['balance'].default == 0",
    ),
)
