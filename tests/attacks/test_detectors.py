"""Were an attack to succeed, it would be seen: one success of each kind, made to happen."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.attacks import watching
from tests.attacks.catalogue import by_name
from tests.attacks.judging import MOST_MEMORY, Seen, active_content, successes
from tests.attacks.lab import EXPECTED_CANARY, HIDDEN_CANARY, HONEST, STUDENT_CANARY
from tests.attacks.model import Attack
from tests.attacks.ours import OurArena
from tests.attacks.pages_seen import active_in, rendered

pytestmark = pytest.mark.sandbox


def _found(attack: Attack, arena: OurArena) -> str:
    return "\n".join(successes(attack, arena.run(attack), arena.secrets()))


def test_points_that_were_not_earned_are_seen(arena: OurArena) -> None:
    forged = Attack("right_answers", "forging a pass", "Answers rightly.", answers=HONEST)
    assert _found(forged, arena) == "got 20 points"


def test_hidden_tests_and_expected_values_are_seen_when_they_are_read(open_arena: OurArena) -> None:
    code = "print(open('@COURSE@/labs/attacked/attacked.ipynb').read())"
    found = _found(
        Attack("reads", "reading tests or expected values", ".", answers={"double": code}),
        open_arena,
    )
    assert HIDDEN_CANARY in found
    assert EXPECTED_CANARY in found
    assert "ESCAPED" in _found(by_name("grading_secret"), open_arena)


def test_the_secret_is_seen_when_it_is_shown(open_arena: OurArena) -> None:
    seen = Seen(points=0, shown=f"... {open_arena.secrets()[0]} ...")
    assert "showed" in "".join(successes(by_name("nan"), seen, open_arena.secrets()))


def test_a_rewritten_gradebook_is_seen(open_arena: OurArena) -> None:
    found = _found(by_name("gradebook_rewritten"), open_arena)
    assert "changed the gradebook" in found
    open_arena.reset_scores()


def test_another_students_text_is_seen(open_arena: OurArena) -> None:
    code = "print(open('@COURSE@/submitted/ada/attacked/attacked.ipynb').read())"
    attack = Attack("copies", "gradebook and other students", ".", answers={"double": code})
    assert STUDENT_CANARY in _found(attack, open_arena)


def test_a_way_out_is_seen(open_arena: OurArena) -> None:
    found = _found(by_name("abstract_socket"), open_arena)
    assert "reached ABSTRACT" in found
    assert "ESCAPED" in found
    assert "changed" in _found(
        Attack(
            "writes",
            "escaping the sandbox",
            "Writes outside.",
            answers={"double": "open('@COURSE@/escaped', 'w').close()"},
        ),
        open_arena,
    )


@pytest.mark.parametrize("name", ["tcp_to_the_host", "udp_to_the_host", "unix_socket"])
def test_who_is_reached_by_the_network_is_seen(name: str, open_arena: OurArena) -> None:
    assert "reached" in _found(by_name(name), open_arena)


def test_what_the_grader_uses_is_seen(arena: OurArena) -> None:
    before = watching.reset_peak()
    np.ones(25_000_000)
    assert watching.peak() - before > 150_000_000
    for seen in (
        Seen(points=0, memory=MOST_MEMORY + 1),
        Seen(points=0, seconds=1000),
        Seen(points=0, cpu_seconds=100),
        Seen(points=0, size=10**8),
    ):
        assert len(successes(by_name("disk"), seen)) == 1
    code = "print(WON)"
    attack = Attack("took_it", "resources", "Gets what it wants.", answers={"double": code})
    assert "ESCAPED" in _found(attack, arena)


def test_a_process_that_stays_behind_is_seen(open_arena: OurArena) -> None:
    found = _found(by_name("session_of_its_own"), open_arena)
    assert "sleep 300." in found
    for pid in watching.with_mark(f"300.{os.getpid()}"):
        os.kill(pid, signal.SIGKILL)


def test_a_broken_grader_is_seen(arena: OurArena, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(student: str) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(arena, "grade", broken)
    assert _found(by_name("nan"), arena) == "broke the grader: RecursionError: too deep"


def test_a_missing_grade_is_seen_and_a_grade_where_there_should_be_none() -> None:
    assert successes(by_name("nan"), Seen(points=None, reason="lost")) == [
        "there is no grade: lost"
    ]
    unreadable = by_name("not_utf8")
    assert successes(unreadable, Seen(points=20))
    assert successes(unreadable, Seen(points=None, reason=""))
    assert not successes(unreadable, Seen(points=None, reason="it is no text"))


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='//evil.example'>",
        "<a href='JaVa\nScript:alert(1)'>x</a>",
        "<svg/onload=alert(1)>",
        "<p style='background: url(http://evil.example)'>",
        "<iframe srcdoc=x>",
    ],
)
def test_active_content_is_seen(html: str) -> None:
    assert active_content(html)


def test_harmless_pages_have_none() -> None:
    picture = '<img src="data:image/png;base64,AAAA" alt="a picture">'
    assert active_content(f"<p>text &lt;script&gt; <a href='#top'>up</a> {picture}</p>") == []


def test_a_notebook_is_looked_at_as_a_browser_gets_it(tmp_path: Path) -> None:
    output = new_output("display_data", data={"text/html": "<script>1</script>"})
    cells = [new_markdown_cell("<svg onload=x>"), new_code_cell("1", outputs=[output])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "page.ipynb")
    found = active_in(rendered(tmp_path / "page.ipynb"))
    assert "<script>" in found
    assert "<svg>" in found
