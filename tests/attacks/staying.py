"""Attacks that want to be there when their kernel is gone."""

from __future__ import annotations

from tests.attacks.model import Attack, reporting

_MUST = "When the kernel ends, every process of the submission has ended."
_SLEEP = "['sleep', '300.@MARK@']"


def _stay(name: str, tries: str, code: str, **more: object) -> Attack:
    return Attack(name, "staying behind", tries, _MUST, reporting(code), **more)


STAYING = [
    _stay(
        "double_fork",
        "Forks twice, so that the grandchild has no parent that could be waited for.",
        f"import os\nif os.fork() == 0:\n    if os.fork() == 0:\n        os.setsid()\n"
        f"        os.execvp('sleep', {_SLEEP})\n    os._exit(0)",
    ),
    _stay(
        "session_of_its_own",
        "Starts a process in a session of its own with all signals ignored.",
        f"import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        f"subprocess.Popen({_SLEEP}, start_new_session=True)",
    ),
    _stay(
        "nohup_in_a_shell",
        "Starts a background job by a shell magic with nohup and setsid.",
        "get_ipython().system('nohup setsid sleep 300.@MARK@ >/dev/null 2>&1 &')",
    ),
    _stay(
        "at_exit",
        "Starts a process when the interpreter ends.",
        f"import atexit, os, subprocess\n"
        f"atexit.register(lambda: subprocess.Popen({_SLEEP}, start_new_session=True))\n"
        f"get_ipython().kernel.do_shutdown(False)",
    ),
    _stay(
        "timer",
        "Sets a timer and a thread that start a process some seconds later.",
        f"""
import signal, subprocess, threading
def start(*a):
    subprocess.Popen({_SLEEP}, start_new_session=True)
signal.signal(signal.SIGALRM, start)
signal.setitimer(signal.ITIMER_REAL, 0.2)
thread = threading.Timer(0.2, start)
thread.daemon = False
thread.start()
""",
    ),
    _stay(
        "guards",
        "Starts two processes that start each other again when one is killed.",
        """
import os, time
def guard(depth):
    os.setsid()
    while True:
        if os.fork() == 0:
            os.execvp("sleep", ["sleep", "0.@MARK@"])
        os.wait()
        time.sleep(0.05)
for _ in range(2):
    if os.fork() == 0:
        guard(0)
""",
    ),
    _stay(
        "kernel_killed_first",
        "Starts a process and kills its own kernel, so that nobody is left to clean up.",
        f"import os, signal, subprocess\nsubprocess.Popen({_SLEEP}, start_new_session=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)",
    ),
    _stay(
        "detached_from_all_descriptors",
        "Leaves a process that has closed every file and waits for nothing.",
        f"import os\nif os.fork() == 0:\n    os.setsid()\n    os.closerange(0, 4096)\n"
        f"    os.execvp('sleep', {_SLEEP})",
    ),
]
