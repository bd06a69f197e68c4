"""Whatever a kernel sends, or does not read, its grader stays small and is done in time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import BadAnswer, KernelDied
from autograder.sandbox.inside import _grading_wire as wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

pytestmark = pytest.mark.sandbox

MOST_GROWTH = 300 * 2**20
"""Bytes by which a grader may grow over whatever one kernel sends."""
LIMITS = Limits(cell_seconds=6, call_seconds=6, output_bytes=100_000, sent_bytes=2**28)
_LINKS = """
import os, socket, threading, time
links = []
for number in map(int, os.listdir("/proc/self/fd")):
    try:
        link = socket.socket(fileno=os.dup(number))
        link.getpeername()
        links.append(link)
    except OSError:
        pass
def to_all(deed):
    threads = [threading.Thread(target=deed, args=(link,), daemon=True) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""
_OWN_THREAD = """
kernel = get_ipython().kernel
said = kernel.session.msg("stream", {"name": "stdout", "text": "x"}, parent=kernel.get_parent())
frames = [b"stream", *kernel.session.serialize(said)]
thread = kernel.iopub_thread
"""
_FORGE_REPLY = """
session = get_ipython().kernel.session
send = session.send
def forged(stream, message, content=None, *a, **k):
    content = {content} if message == "execute_reply" else content
    return send(stream, message, content, *a, **k)
session.send = forged
"""


@pytest.fixture
def session() -> Iterator[KernelSession]:
    with KernelSession(LIMITS) as started:
        yield started


@pytest.fixture
def growth() -> Callable[[], int]:
    """By how many bytes this process grew at its largest, since the fixture was made."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    start = _memory("VmRSS")
    return lambda: _memory("VmHWM") - start


def _memory(what: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def _no_handle(value: object) -> wire.Handle:
    raise AssertionError(f"there is none: {value!r}")


def _request(**request: object) -> str:
    return wire.dumps(request, _no_handle)


@pytest.mark.parametrize("frame_bytes", [50 * 2**20, 0])
def test_a_message_without_end_on_every_channel_is_not_held(
    session: KernelSession, growth: Callable[[], int], frame_bytes: int
) -> None:
    header = b"\3" + frame_bytes.to_bytes(8, "big")  # a frame of a message that goes on
    times = 1 if frame_bytes else 2**22
    run = session.run_cell(
        f"{_LINKS}\nframes = ({header!r} + bytes({frame_bytes})) * {times}\n"
        "def flood(link):\n    link.setblocking(True)\n"
        "    for _ in range(10):\n        link.sendall(frames)\n"
        "to_all(flood)\ntime.sleep(100)"
    )
    assert run.died
    assert re.search("wrote more than 0.25 GiB of output|more than 1,000 frames", run.why_died)
    assert growth() < MOST_GROWTH


def test_raw_bytes_on_every_channel_end_the_kernel_at_once(session: KernelSession) -> None:
    run = session.run_cell(f"{_LINKS}\nto_all(lambda link: link.sendall(b'\\xff' * 9))")
    assert run.died
    assert "broke the kernel's connection to the grader" in run.why_died
    assert session.ended_by_a_limit


def test_a_kernel_that_closes_its_channels_is_ended(session: KernelSession) -> None:
    run = session.run_cell(f"{_LINKS}\nfor link in links:\n    link.shutdown(socket.SHUT_RDWR)")
    assert run.died
    assert not session.alive


def test_a_kernel_that_stops_itself_is_ended_at_its_deadline(session: KernelSession) -> None:
    run = session.run_cell("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
    assert run.timed_out
    with pytest.raises(KernelDied):
        session.ask(_request(op="get", name="x"))


@pytest.mark.parametrize(
    "content",
    [
        "{'status': 'ok', 'user_expressions': [str(n) for n in range(4_000_000)]}",
        "{'status': 'ok', 'user_expressions': [[]] * 9_000_000}",
        "{'status': 'error', 'ename': 'x' * 60_000_000}",
        "{'status': 'ok', 'user_expressions': {'reply': {'data': {'application/x-examiner': 5}}}}",
        "{'application/x-examiner': '[' * 20_000_000}",
    ],
)
def test_a_forged_reply_of_any_shape_is_a_bad_answer(
    session: KernelSession, growth: Callable[[], int], content: str
) -> None:
    session.run_cell(_FORGE_REPLY.replace("{content}", content))
    try:
        answer = session.ask(_request(op="get", name="x"))
    except BadAnswer:
        answer = "[" * 20_000_000
    with pytest.raises(wire.WireError):
        wire.loads(answer, _no_handle)
    assert growth() < MOST_GROWTH
    assert session.alive


def test_the_largest_answer_still_arrives(session: KernelSession) -> None:
    session.run_cell("quotes = '\"' * 11_000_000")
    answer = wire.loads(session.ask(_request(op="get", name="quotes")), _no_handle)
    assert answer["value"] == '"' * 11_000_000


@pytest.mark.slow
def test_sixty_thousand_flushed_writes_are_all_there() -> None:
    with KernelSession(Limits(output_bytes=10 * 2**20, cell_seconds=300)) as patient:
        run = patient.run_cell("for _ in range(60_000):\n    print('x', end='', flush=True)")
        assert _printed(run) == "x" * 60_000
        assert not run.timed_out


def test_outputs_faster_than_they_are_read_wait_for_their_reader(session: KernelSession) -> None:
    burst = "thread.schedule(lambda: [thread.socket.send_multipart(frames) for _ in range(8000)])"
    run = session.run_cell(_OWN_THREAD + burst)
    assert _printed(run) == "x" * 8000


@pytest.mark.slow
def test_endless_outputs_are_cut_and_cost_neither_the_reply_nor_the_next_cell() -> None:
    flood = "for n in range(20_000):\n    print('x' * 50, flush=True)\nraise KeyError"
    with KernelSession(Limits(output_bytes=100_000, cell_seconds=200)) as patient:
        run = patient.run_cell(flood)
        assert run.error == "KeyError"
        assert "[output cut: a cell may show 100,000 bytes]" in _printed(run)
        assert _printed(patient.run_cell("print('next')")) == "next\n"


def test_one_output_over_the_limit_is_cut_and_the_kernel_goes_on(
    session: KernelSession, growth: Callable[[], int]
) -> None:
    run = session.run_cell("print('x' * 100_000_000)")
    assert "output cut" in _printed(run)
    assert run.error == ""
    assert growth() < MOST_GROWTH
    assert _printed(session.run_cell("print('next')")) == "next\n"
