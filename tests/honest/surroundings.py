"""What else goes on in the kernel: threads, files, settings, TensorFlow, failing cells."""

from __future__ import annotations

from tests.honest.submission import Cell, Honest

SUBMISSIONS = (
    Honest(
        "tensorflow_before_and_after",
        "TensorFlow trains before the answers and works after them; its logs are on.",
        extra=(
            Cell(
                "double",
                """import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"
import tensorflow as tf
import keras
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((8, 2)), np.ones(8), epochs=2)
model.summary()""",
            ),
            Cell("end", "print(model.predict(np.ones((2, 2))))\nprint(tf.reduce_sum(tf.ones(9)))"),
        ),
        slow=True,
    ),
    Honest(
        "keras_tensors",
        "Answers are tensors of TensorFlow and Keras, alone, in tuples and in lists.",
        {
            "double": "import keras\nimport tensorflow as tf\ndef double(x):\n"
            "    return keras.ops.add(x, x)",
            "moving_sum": "def moving_sum(values, width):\n    v = tf.constant(values)\n    return "
            "[tf.reduce_sum(v[i:i + width]) for i in range(len(values) - width + 1)]",
            "lowest_highest": "def lowest_highest(v):\n    v = tf.constant(v)\n"
            "    return tf.reduce_min(v), tf.reduce_max(v)",
            "convolve2d": """def convolve2d(image, kernel):
    x = tf.constant(image, tf.float32)[None, :, :, None]
    w = tf.constant(kernel[::-1, ::-1].copy(), tf.float32)[:, :, None, None]
    return tf.nn.conv2d(x, w, strides=1, padding="VALID")[0, :, :, 0]""",
        },
        slow=True,
    ),
    Honest(
        "names_that_the_grader_uses",
        "Names of the student's are also names of the grader's, of the tests' and of modules.",
        extra=(
            Cell(
                "double",
                """checks = autograder = Link = Proxy = handle = wire = sys = link = 1
convolution = CONVOLVE2D = EXERCISE = right = cases = m = shell = agent = Mark = None
_ = __ = In = Out = get_ipython_ = ask = call = None""",
            ),
        ),
    ),
    Honest(
        "names_of_builtins",
        "list, sum, print and others are the student's own variables.",
        {
            "double": "list = [1]; sum = 3; dict = type = id = str = tuple = len_ = sorted = None\n"
            "max_ = 4\ndef double(x):\n    return 2 * x",
            "moving_sum": """def moving_sum(values, width):
    out = []
    for i in range(len(values) - width + 1):
        total = 0
        for v in values[i : i + width]:
            total += v
        out.append(total)
    return out""",
            "running_mean": """class RunningMean:
    total = n = 0
    def add(self, value):
        self.total += value
        self.n += 1
    @property
    def mean(self):
        return self.total / self.n
    def __len__(self):
        return self.n""",
        },
    ),
    Honest(
        "np_is_something_else",
        "np is a number of the student's, and the answers do without it.",
        {
            "double": "np = 5\ndef double(x):\n    return x + x",
            "convolve2d": """import numpy
def convolve2d(image, kernel):
    rows, columns = kernel.shape
    windows = numpy.lib.stride_tricks.sliding_window_view(image, (rows, columns))
    return numpy.einsum("ijab,ab->ij", windows, kernel[::-1, ::-1])""",
        },
    ),
    Honest(
        "names_are_deleted",
        "Names are deleted once they are done with, those of answers behind their tests as well.",
        extra=(
            Cell("test_double", "helper = 1\ndel helper"),
            Cell("moving_sum", "del double, np"),
            Cell("convolve2d", "import numpy as np\ndel RunningMean, m\n%xdel moving_sum"),
        ),
    ),
    Honest(
        "unrelated_cells_raise",
        "Cells that have nothing to do with a task raise, cannot be parsed, ask or leave.",
        extra=(
            Cell("double", "1 / 0"),
            Cell("double", "def broken(:\n    pass"),
            Cell("double", "name = input('Your name? ')"),
            Cell("double", "raise SystemExit(1)"),
            Cell("double", "import sys\nsys.exit('done')"),
            Cell("double", "raise KeyboardInterrupt"),
            Cell("double", "%nosuchmagic\n%%nosuchcell"),
            Cell("double", "import getpass\ngetpass.getpass()"),
            Cell("convolve2d", "assert False, 'why?'\nbreakpoint()"),
            Cell("end", "class Odd(BaseException):\n    def __str__(self): 1 / 0\nraise Odd"),
        ),
    ),
    Honest(
        "exit_and_quit",
        "Cells with exit() and quit(), which leave a notebook's kernel where it is.",
        extra=(Cell("double", "exit()"), Cell("moving_sum", "quit"), Cell("convolve2d", "exit")),
    ),
    Honest(
        "input_that_is_not_called",
        "The answer would ask for input if it were asked to.",
        {
            "double": "def double(x=None):\n    if x is None:\n        x = float(input('x = '))\n"
            "    return x + x"
        },
    ),
    Honest(
        "an_unrelated_cell_takes_for_ever",
        "A cell that has nothing to do with a task is stopped by the time limit.",
        extra=(Cell("moving_sum", "import time\nwhile True:\n    time.sleep(0.01)"),),
        limits={"cell_seconds": 1},
    ),
    Honest(
        "an_unrelated_cell_cannot_be_interrupted",
        "It catches everything, so its kernel ends; the answers are run again.",
        extra=(
            Cell(
                "moving_sum",
                "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except:\n"
                "        pass",
            ),
        ),
        limits={"cell_seconds": 1},
        slow=True,
    ),
    Honest(
        "an_unrelated_cell_ends_the_kernel",
        "A cell runs out of memory; the answers before and behind it count.",
        extra=(Cell("moving_sum", "held = np.ones(2**28)\nheld += 1"),),
        limits={"memory_bytes": 2**30},
    ),
    Honest(
        "warnings_are_errors",
        "Warnings are errors from the first cell on.",
        extra=(
            Cell("imports", "import warnings\nwarnings.simplefilter('error')"),
            Cell("double", "import warnings\nwarnings.warn('as an error')"),
        ),
    ),
    Honest(
        "numpy_is_strict_and_terse",
        "np.seterr raises, and arrays print with two digits.",
        extra=(
            Cell("double", "np.seterr(all='raise')\nnp.set_printoptions(precision=2, threshold=3)"),
        ),
        due={},
    ),
    Honest(
        "global_seeds",
        "Every global generator is seeded and drawn from.",
        {
            "double": "import random\nrandom.seed(0); np.random.seed(0)\ndef double(x):\n"
            "    np.random.seed(1); np.random.rand(3); random.random()\n    return x + x"
        },
    ),
    Honest(
        "threads",
        "A thread pool computes, a thread runs on, and a timer is set.",
        {
            "moving_sum": """import threading, time
from concurrent.futures import ThreadPoolExecutor
def moving_sum(values, width):
    with ThreadPoolExecutor(4) as pool:
        starts = range(len(values) - width + 1)
        return list(pool.map(lambda i: sum(values[i : i + width]), starts))
def talk():
    while True:
        print("still here")
        time.sleep(0.05)
threading.Thread(target=talk, daemon=True).start()
threading.Timer(0.2, print, ["ding"]).start()"""
        },
    ),
    Honest(
        "processes",
        "A pool of processes computes, and another program is asked.",
        {
            "moving_sum": """import multiprocessing
def moving_sum(values, width):
    windows = [values[i : i + width] for i in range(len(values) - width + 1)]
    with multiprocessing.Pool(2) as pool:
        return pool.map(sum, windows)""",
            "lowest_highest": """from concurrent.futures import ProcessPoolExecutor
def lowest_highest(values):
    with ProcessPoolExecutor(2) as pool:
        return pool.submit(min, values).result(), pool.submit(max, values).result()""",
            "double": """import subprocess
def double(x):
    if not isinstance(x, int):
        return x + x
    done = subprocess.run(["expr", "2", "*", str(x)], capture_output=True, text=True, check=True)
    return int(done.stdout)""",
        },
        slow=True,
    ),
    Honest(
        "await_at_the_top",
        "Cells await at their top level, and an answer runs a coroutine of its own.",
        {
            "double": """import asyncio
async def slowly(x):
    await asyncio.sleep(0.01)
    return x + x
print(await slowly(2))
task = asyncio.create_task(slowly(3))
def double(x):
    from threading import Thread
    got = []
    thread = Thread(target=lambda: got.append(asyncio.run(slowly(x))))
    thread.start(); thread.join()
    return got[0]"""
        },
        (Cell("test_double", "async with asyncio.timeout(5):\n    print(await task)"),),
    ),
    Honest(
        "own_files",
        "Answers write and read files of their own, in the working folder and elsewhere.",
        {
            "count_words": """import json, pathlib, tempfile
def count_words(text):
    path = pathlib.Path("words.json")
    path.write_text(json.dumps(text.split()), encoding="utf-8")
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("scratch")
    words = json.loads(path.read_text(encoding="utf-8"))
    return {word: words.count(word) for word in words}""",
            "convolve2d": """from scipy import signal
def convolve2d(image, kernel):
    np.save("out.npy", signal.convolve2d(image, kernel, mode="valid"))
    return np.load("out.npy", mmap_mode="r")""",
        },
    ),
    Honest(
        "own_module",
        "A helper is written to a module with %%writefile and imported.",
        extra=(
            Cell("double", "%%writefile helpers_of_mine.py\ndef twice(x):\n    return 2 * x"),
            Cell("test_double", "from helpers_of_mine import twice\ndouble = twice"),
            Cell("test_double", "%run helpers_of_mine.py"),
        ),
    ),
    Honest(
        "other_folder_and_path",
        "The working folder, the import path and the environment are changed.",
        extra=(
            Cell(
                "double",
                """import os, sys
os.makedirs("work/deeper", exist_ok=True)
os.chdir("work/deeper")
sys.path.insert(0, "..")
sys.path.append("/content/drive/MyDrive")
os.environ["HOME"] = "/root"; os.environ["PYTHONHASHSEED"] = "0" """,
            ),
            Cell("double", "%cd /tmp"),
            Cell("moving_sum", "import shutil\nshutil.rmtree('/sandbox/work')"),
        ),
    ),
    Honest(
        "the_working_folder_is_removed",
        "The folder that the kernel is in is gone.",
        extra=(
            Cell("double", "import os\nos.makedirs('gone')\nos.chdir('gone')\nos.rmdir('../gone')"),
        ),
    ),
    Honest(
        "missing_packages",
        "Packages that are not there are asked for, with and without a way round.",
        extra=(
            Cell(
                "double", "try:\n    import nosuchpandas as pd\nexcept ImportError:\n    pd = None"
            ),
            Cell("double", "import nosuchseaborn"),
            Cell("double", "from google.colab import drive\ndrive.mount('/content/drive')"),
        ),
    ),
    Honest(
        "print_is_replaced",
        "print goes to a log as well, and the streams are wrapped.",
        extra=(
            Cell(
                "double",
                """import builtins, io, sys
_print, log = builtins.print, io.StringIO()
def print(*args, **kwargs):
    _print(*args, **{**kwargs, "file": log})
    _print(*args, **kwargs)
builtins.print = print
class Tee(io.TextIOBase):
    def __init__(self, stream): self.stream = stream
    def write(self, text): log.write(text); return self.stream.write(text)
    def flush(self): self.stream.flush()
sys.stdout, sys.stderr = Tee(sys.stdout), io.StringIO()""",
            ),
        ),
    ),
    Honest(
        "signals_timers_and_garbage",
        "An alarm guards a loop, the collector is off, and a handler runs at the exit.",
        {
            "double": """import atexit, faulthandler, gc, signal, tracemalloc
gc.disable(); tracemalloc.start(); atexit.register(print, "bye")
def too_late(*_):
    raise TimeoutError
def double(x):
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(10)
    try:
        return x + x
    finally:
        signal.alarm(0)"""
        },
    ),
    Honest(
        "tracing",
        "A trace function counts lines, and the profiler has run.",
        {
            "double": """import cProfile, sys
lines = []
def trace(frame, event, arg):
    lines.append(event)
    return trace
def double(x):
    sys.settrace(trace)
    try:
        return x + x
    finally:
        sys.settrace(None)
cProfile.run("double(2)")"""
        },
    ),
    Honest(
        "json_and_others_are_shadowed",
        "Modules are bound to other names, and names of modules to other things.",
        extra=(Cell("double", "json = base64 = math = traceback = builtins = re = 'mine'"),),
    ),
    Honest(
        "the_shell_is_customised",
        "Hooks of IPython's: a formatter, a line that runs before each cell, all results shown.",
        extra=(
            Cell(
                "double",
                """shell = get_ipython()
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.ast_node_interactivity = "all"
shell.events.register("pre_run_cell", lambda info: print("begins"))
shell.events.register("post_run_cell", lambda result: print("ends"))
text = shell.display_formatter.formatters["text/plain"]
text.for_type(int, lambda n, p, cycle: p.text(f"int {n}"))
text.for_type_by_name("numpy", "ndarray", lambda a, p, cycle: p.text("array"))
1
2""",
            ),
        ),
    ),
    Honest(
        "only_plain_text_is_shown",
        "The formatters of IPython's other than plain text are switched off.",
        extra=(Cell("double", "get_ipython().display_formatter.active_types = ['text/plain']"),),
    ),
)
