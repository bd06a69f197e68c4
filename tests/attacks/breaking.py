"""Attacks on the grader itself: its kernel, its channels, the pages it writes."""

from __future__ import annotations

from tests.attacks.model import HARMFUL, Attack, called, reporting

_MUST = "There is a verdict with 0 points in time, and the grader goes on."


def _break(name: str, tries: str, answers: dict[str, str], **more: object) -> Attack:
    return Attack(name, "breaking the grader", tries, _MUST, answers, **more)


_PUBLISH = """
kernel = get_ipython().kernel
def publish(kind, content, **parent):
    header = {**kernel.get_parent()["header"], **parent}
    kernel.session.send(kernel.iopub_socket, kind, content, parent={"header": header},
                        ident=kind.encode())
"""

BREAKING = [
    _break(
        "exit_of_the_kernel",
        "Ends the kernel at once when a test calls it.",
        called("import os\nos._exit(0)"),
    ),
    _break(
        "exit_in_a_cell",
        "Ends the kernel in every cell that runs.",
        reporting("import os\nos._exit(0)"),
    ),
    _break(
        "crash_in_c",
        "Crashes the interpreter by reading address 0.",
        called("import ctypes\nctypes.string_at(0)"),
    ),
    _break(
        "deep_recursion",
        "Lifts the limit on recursion and overflows the C stack.",
        called(
            "import sys\nsys.setrecursionlimit(10**9)\nf = lambda: f()\n"
            "class A:\n    def __repr__(self): return repr(self)\nrepr(A())"
        ),
    ),
    _break(
        "closed_sockets",
        "Closes the kernel's sockets, so that no answer ever comes.",
        called(
            "kernel = get_ipython().kernel\nimport os\n"
            "for n in map(int, os.listdir('/proc/self/fd')):\n"
            "    try:\n        there = os.readlink(f'/proc/self/fd/{n}')\n"
            "        if n > 2 and there.startswith('socket'):\n"
            "            os.close(n)\n    except OSError:\n        pass"
        ),
    ),
    _break(
        "closed_standard_files",
        "Closes and replaces stdin, stdout and stderr.",
        reporting(
            "import os, sys\nos.closerange(0, 3)\nsys.stdout = sys.stderr = sys.__stdout__ = None"
        ),
    ),
    _break(
        "kernel_shutdown",
        "Asks its own kernel to shut down in an orderly way.",
        reporting(
            "get_ipython().kernel.do_shutdown(False)\nget_ipython().ask_exit()\nexit()\nquit()"
        ),
    ),
    _break(
        "garbage_on_the_channels",
        "Sends bytes that are no message on the shell and the iopub channel.",
        reporting(
            """
import os
kernel = get_ipython().kernel
for _ in range(300):
    kernel.iopub_socket.send_multipart([b"", b"<IDS|MSG>", os.urandom(32), b"{", b"}", b"\\xff"])
"""
        ),
    ),
    _break(
        "nonsense_in_valid_messages",
        "Publishes well-signed messages whose content is of no type that the protocol knows.",
        reporting(
            _PUBLISH
            + """
for content in ({"name": "stdout", "text": 5}, {"name": None, "text": None}, {"data": 3},
                {"data": {"text/plain": {"a": 1}}, "metadata": {}, "transient": 7},
                {"execution_state": ["idle"]}, {"ename": 1, "evalue": 2, "traceback": "x"},
                {"wait": "no"}, {}):
    for kind in ("stream", "display_data", "execute_result", "update_display_data", "error",
                 "status", "clear_output", "comm_open", "unheard_of"):
        publish(kind, content)
"""
        ),
    ),
    _break(
        "output_of_a_wrong_type",
        "Displays a MIME bundle whose text is a dict.",
        reporting(
            "from IPython.display import display\n"
            "display({'text/plain': {'a': 1}}, raw=True)\n"
            "display({'image/png': [1, None]}, raw=True)"
        ),
    ),
    _break(
        "output_nested_deep",
        "Displays JSON that is nested 700 deep.",
        reporting(
            "from IPython.display import display\nnested = []\nfor _ in range(700):\n"
            "    nested = [nested]\ndisplay({'application/json': nested}, raw=True)"
        ),
    ),
    _break(
        "forged_idle",
        "Publishes that the kernel is idle while it still runs.",
        reporting(
            _PUBLISH + 'publish("status", {"execution_state": "idle"})\n'
            "for _ in range(50):\n    publish('stream', {'name': 'stdout', 'text': 'late'})"
        ),
    ),
    _break(
        "reply_of_a_wrong_shape",
        "Sends execute replies whose content is nonsense.",
        reporting(
            """
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, message, content=None, *a, **k):
    if message == "execute_reply":
        content = {"status": ["error"], "ename": {"a": [[]]}, "user_expressions": [1, 2]}
    return send(stream, message, content, *a, **k)
kernel.session.send = forged
"""
        ),
    ),
    _break(
        "raw_bytes_on_the_socket",
        "Accepts the grader's connection itself and speaks no protocol at all.",
        called(
            """
import os, socket, time
for n in map(int, os.listdir("/proc/self/fd")):
    try:
        link = socket.socket(fileno=os.dup(n))
        if link.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            link.settimeout(0.2)
            link.accept()[0].sendall(b"\\xff\\0\\0\\0\\0\\0\\0\\1\\x7f\\3" + os.urandom(10**5))
        else:
            link.sendall(os.urandom(1000))
    except OSError:
        pass
time.sleep(60)
"""
        ),
    ),
    _break(
        "agent_that_never_answers",
        "Replaces the agent by one that sleeps for ever, on every call anew.",
        {
            "double": "import sys, time\nagent = sys.modules.get('_grading_agent')\n"
            "if agent is not None:\n    agent.handle = lambda text: time.sleep(10**6)"
        },
        stock="not run against stock: it has no agent",
    ),
    _break(
        "waits_for_input",
        "Asks for input that nobody gives.",
        reporting("input('name? ')"),
    ),
    _break(
        "interrupt_refused",
        "Catches every interrupt and goes on.",
        called(
            "while True:\n    try:\n        while True:\n            pass\n"
            "    except BaseException:\n        pass"
        ),
        stock=HARMFUL,
    ),
    _break(
        "names_deleted",
        "Deletes IPython's names, builtins and modules that the kernel needs.",
        reporting(
            "import builtins, sys\nget_ipython().user_ns.clear()\n"
            "for name in ('json', 'numpy', 'IPython', 'traceback', '_grading_wire'):\n"
            "    sys.modules.pop(name, None)\ndel builtins.isinstance, builtins.len"
        ),
    ),
    _break(
        "folder_removed",
        "Removes its working folder while it stands in it.",
        reporting(
            "import os, shutil\nhere = os.getcwd()\nshutil.rmtree(here, ignore_errors=True)\n"
            "os.makedirs('a/' * 100, exist_ok=True) if os.path.exists('.') else None"
        ),
        stock=HARMFUL,
    ),
    _break(
        "terminal_codes",
        "Prints escape codes that would rewrite an instructor's terminal, and ends with NUL.",
        reporting(
            "print('\\x1b]0;owned\\x07\\x1b[2J\\x1b[1;1H\\0\\x9b31m')\n"
            "raise ValueError('\\x1b[2J\\0')"
        ),
    ),
    _break(
        "surrogate_in_an_error",
        "Raises an error whose text cannot be written as UTF-8.",
        called("raise ValueError('half \\ud800 a character')"),
    ),
    _break(
        "surrogate_in_an_output",
        "Displays and prints text that cannot be written as UTF-8.",
        reporting(
            _PUBLISH + "import json\n"
            "kernel.session.pack = lambda thing: json.dumps(thing, default=str).encode()\n"
            "publish('stream', {'name': 'stdout', 'text': 'half \\ud800'})\n"
            "publish('error', {'ename': '\\ud800', 'evalue': '\\udfff', 'traceback': ['\\ud800']})"
        ),
    ),
    _break(
        "forged_error_of_30_megabytes",
        "Has a forged agent tell an error whose text and traceback are 30 MB long.",
        {
            "double": "import sys\nagent = sys.modules.get('_grading_agent')\n"
            "if agent is not None:\n"
            "    told = {'type': 'E', 'ancestors': [], 'text': 'x' * 15_000_000,\n"
            "            'traceback': 'y' * 15_000_000}\n"
            "    import _grading_wire\n"
            "    answer = _grading_wire.dumps({'error': told}, None)\n"
            "    agent.handle = lambda text: agent.Reply(answer)"
        },
        stock="not run against stock: it has no agent",
    ),
]
