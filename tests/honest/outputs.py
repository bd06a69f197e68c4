"""What shows something: text on both streams, plots, progress, magics."""

from __future__ import annotations

from tests.honest.submission import Cell, Honest

SUBMISSIONS = (
    Honest("as_taught", "The answers are right and plain."),
    Honest(
        "warnings_and_logging",
        "Warnings and log lines go to stderr, on definition and in every call.",
        {
            "double": """import logging, sys, warnings
logging.basicConfig(level="DEBUG")
def double(x):
    warnings.warn("this doubles")
    logging.getLogger(__name__).error("doubling %s", x)
    print("doubled", file=sys.stderr)
    return 2 * x
warnings.warn("defined")"""
        },
    ),
    Honest(
        "prints_in_every_call",
        "Prints left in from searching for a mistake.",
        {
            "moving_sum": """def moving_sum(values, width):
    out = []
    for i in range(len(values) - width + 1):
        print(f"{i=} {values[i:i + width]=}")
        out.append(sum(values[i:i + width]))
        display(out)
    return out"""
        },
    ),
    Honest(
        "a_very_long_print",
        "One line of 30 MB, ten thousand short ones, and a big array shown in full.",
        extra=(
            Cell("double", "print('x' * 30_000_000)"),
            Cell("double", "for n in range(10_000):\n    print(n)"),
            Cell("double", "np.set_printoptions(threshold=10**9)\nnp.arange(200_000)"),
        ),
    ),
    Honest(
        "a_very_long_print_in_a_call",
        "The function itself prints 5 MB.",
        {"double": "def double(x):\n    print('#' * 5_000_000)\n    return 2 * x"},
    ),
    Honest(
        "plots_in_a_call",
        "The function draws what it computes and shows it.",
        {
            "convolve2d": """import matplotlib.pyplot as plt
from scipy import signal
def convolve2d(image, kernel):
    out = signal.convolve2d(image, kernel, mode="valid")
    fig, axes = plt.subplots(1, 2)
    axes[0].imshow(image); axes[1].imshow(out)
    plt.show()
    return out"""
        },
    ),
    Honest(
        "matplotlib_inline",
        "The usual magics for plots, some plots, a style and figures left open.",
        extra=(
            Cell("imports", "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'"),
            Cell("double", "import matplotlib.pyplot as plt\nplt.style.use('ggplot')"),
            Cell("double", "for n in range(25):\n    plt.figure()\n    plt.plot([n, 1, 2])"),
        ),
        slow=True,
    ),
    Honest(
        "matplotlib_for_other_front_ends",
        "Back ends for a classic notebook, widgets and a desktop, whether they are there or not.",
        extra=(
            Cell("imports", "%matplotlib notebook"),
            Cell("imports", "%matplotlib widget"),
            Cell("double", "%matplotlib qt"),
            Cell("double", "import matplotlib\nmatplotlib.use('TkAgg')"),
            Cell("double", "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()"),
        ),
    ),
    Honest(
        "an_animation",
        "A Matplotlib animation as a web page of its own.",
        extra=(
            Cell(
                "convolve2d",
                """import matplotlib.pyplot as plt
from matplotlib import animation
from IPython.display import HTML
fig, ax = plt.subplots()
line, = ax.plot([0, 1], [0, 1])
def frame(i):
    line.set_ydata([0, i])
    return line,
movie = animation.FuncAnimation(fig, frame, frames=3, blit=True)
HTML(movie.to_jshtml())""",
            ),
        ),
    ),
    Honest(
        "progress_bars",
        "A bar that returns to the start of its line, one that clears the output, one on stderr.",
        {
            "count_words": """import sys
from IPython.display import clear_output
def count_words(text):
    counts = {}
    for n, word in enumerate(text.split()):
        print(f"\\r{n} words", end="", flush=True)
        print("#" * n, end="\\r", file=sys.stderr)
        clear_output(wait=True)
        counts[word] = counts.get(word, 0) + 1
    return counts"""
        },
        (
            Cell(
                "double",
                "import time\nfrom IPython.display import clear_output\nfor n in range(100):\n"
                "    clear_output(wait=n % 2)\n    print('\\r', n, '%', end='')",
            ),
        ),
    ),
    Honest(
        "updated_displays_and_widgets",
        "A display that is updated, a slider, an output widget and a progress widget.",
        extra=(
            Cell("double", "h = display('0 %', display_id=True)\nh.update('100 %')"),
            Cell(
                "double",
                """import ipywidgets as widgets
bar = widgets.IntProgress(max=3)
out = widgets.Output()
display(bar, out, widgets.interactive(lambda n=1: n))
with out:
    print("inside")
for n in range(3):
    bar.value += 1""",
            ),
        ),
    ),
    Honest(
        "timeit",
        "Answers are timed with line and cell magics.",
        extra=(
            Cell("test_double", "%timeit -n 3 -r 2 double(3)"),
            Cell("test_double", "%%timeit -n 3 -r 2\ndouble(np.ones(10))"),
            Cell("test_double", "%time double(3)\n%prun -q double(3)"),
        ),
    ),
    Honest(
        "time_in_a_solution",
        "The cell of an answer begins with %%time.",
        {"double": "%%time\ndef double(x):\n    return 2 * x"},
    ),
    Honest(
        "capture_in_a_solution",
        "The cell of an answer hides its output with %%capture.",
        {"double": "%%capture said\nprint('hm')\ndef double(x):\n    return 2 * x"},
        (Cell("test_double", "said.show()"),),
    ),
    Honest(
        "shell_lines",
        "Lines for the shell, with their output kept in a name.",
        {"double": "!ls\nfiles = !ls -a\n!echo $HOME\ndef double(x):\n    return 2 * x"},
        (Cell("double", "!nvidia-smi"), Cell("double", "%%bash\necho hello; pwd >&2; exit 3")),
    ),
    Honest(
        "package_magics",
        "Packages are listed and one is asked for that cannot be fetched.",
        extra=(
            Cell("double", "%pip list"),
            Cell("double", "!pip --version\n%pip install --quiet --retries 0 --timeout 1 seaborn"),
        ),
        slow=True,
    ),
    Honest(
        "harmless_magics",
        "Magics that look around and change how things are shown.",
        extra=(
            Cell("imports", "%load_ext autoreload\n%autoreload 2\n%reset -f"),
            Cell("double", "%who\n%whos\n%pwd\n%precision 3\n%lsmagic"),
            Cell("double", "%env OMP_NUM_THREADS=4\n%history -l 3\n%pdb off\ndouble?\nnp.sum??"),
            Cell("double", "%xmode Verbose\n%colors nocolor\n%%html\n<b>bold</b>"),
            Cell("double", "%%javascript\nconsole.log(1)"),
            Cell("double", "%%latex\n$x^2$"),
        ),
    ),
    Honest(
        "rich_results",
        "Every cell ends in something to look at: HTML, Markdown, maths, a picture.",
        extra=(
            Cell("double", "from IPython.display import *\nHTML('<table><td>1</table>')"),
            Cell("double", "Math('x^2')\ndisplay(Markdown('*a*'), Latex('$x$'), JSON({'a': 1}))"),
            Cell(
                "double", "Image(data=b'\\x89PNG\\r\\n', format='png')\nAudio(np.zeros(9), rate=9)"
            ),
            Cell("double", "YouTubeVideo('x')"),
        ),
    ),
)
