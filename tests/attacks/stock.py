"""Measures the attacks against stock nbgrader and writes docs/attacks.md.

Run ``python -m tests.attacks.stock`` in the project's root. Names of attacks run only those and
print what was seen; ``--page`` writes the page from what has been measured, ``--continue`` measures
what has not been.

Each attack gets a copy of the course and a bubblewrap of its own, without network and with limits,
so that this machine comes to no harm: stock nbgrader itself has no sandbox. What is inside (the
gradebook, servers on the loopback, another student's hand-in) is what an instructor's account has,
and what the attack is measured by. What would fill the machine or never end is not run.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.attacks.arena import Arena
from tests.attacks.catalogue import ATTACKS, by_name
from tests.attacks.judging import successes
from tests.attacks.lab import CANARIES, LAB
from tests.attacks.model import GROUPS, Attack

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "attacks.md"
SECURITY = ROOT / "docs" / "security.md"
_MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
_MEASURED = ROOT / ".cache" / "attacks-against-stock.json"
_NO_GRADE = ("broke the grader", "there is no grade")
_LOCK = threading.Lock()
_SECONDS = 200
_AT_A_TIME = 3
_MEMORY_KIB = 6 * 2**20


class StockArena(Arena):
    """Graded as ``nbgrader autograde`` does it, with the default preprocessors."""

    def release(self) -> None:
        self._convert(GenerateAssignment, ".")

    def grade(self, student: str) -> str:
        self._convert(Autograde, student)
        self._convert(GenerateFeedback, student)
        return ""

    def _convert(self, kind: type, student: str) -> None:
        config = Config(self.config())
        config.CourseDirectory.student_id = student
        config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
        converter = kind(coursedir=CourseDirectory(config=config), config=config)
        converter.log = logging.Logger("nbgrader", logging.CRITICAL)
        converter.force = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converter.start()

    def shown(self, student: str) -> str:
        """What the submission's cells put out; the tracebacks of tests are looked at apart."""
        found = []
        for cell in nbformat.read(self.outputs_of(student), as_version=4).cells:
            for output in cell.get("outputs", []):
                if output.output_type != "error":
                    found.append(output.get("text", ""))
                    found += map(str, output.get("data", {}).values())
        beside = (self.root / "feedback" / student / LAB).glob("**/*")
        found += [p.read_text(errors="replace") for p in beside if p.suffix not in ("", ".html")]
        return "\n".join(found)


def run_inside(name: str, template: str) -> dict[str, object]:
    """Runs one attack here; only ever called in the sandbox of `measure`."""
    attack = by_name(name)
    with tempfile.TemporaryDirectory() as folder:
        arena = StockArena(Path(folder), template=Path(template))
        honest = arena.points("ada")
        seen = arena.run(attack)
        found = successes(attack, seen)
        if name == "error_text_of_the_test" and not found:
            pages = [page.read_text() for page in arena.outputs_of(name).parent.glob("*.ipynb")]
            found = [f"showed {text!r}" for text in CANARIES if any(text in p for p in pages)]
        arena.close()
    return {"honest": honest, "successes": found, "points": seen.points}


def _walls(name: str, template: Path) -> list[str]:
    """The command that runs one attack in a place of its own, as a user without rights."""
    inside = [sys.executable, "-m", "tests.attacks.stock", "--inside", name, "/mnt"]
    limits = f'ulimit -v {_MEMORY_KIB} -u 4000 -f 2000000 -n 1024; exec "$@"'
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"),
        *("--die-with-parent", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev"),
        # The user here may be root outside; an instructor's account could not write these.
        *("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"),
        *("--size", str(2**30), "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"),
        *("--setenv", "HOME", "/tmp", "--ro-bind", str(template), "/mnt"),
        *("--chdir", str(ROOT), "bash", "-c", limits, "bash", *inside),
    ]


def measure(attack: Attack, template: Path) -> str:
    """What stock nbgrader makes of an attack, in a few words for the table."""
    if attack.stock:
        return attack.stock
    try:
        done = subprocess.run(
            _walls(attack.name, template),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"**succeeds**: no grade after {_SECONDS} seconds"
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if "bwrap: " in done.stderr:
        return "not measured: this host has no sandbox to measure it in"
    if not lines:
        print(attack.name, done.returncode, done.stderr[-600:], file=sys.stderr)  # noqa: T201
        return f"**succeeds**: the grader ended with exit code {done.returncode} and no grade"
    result = json.loads(lines[-1].removeprefix("RESULT "))
    if result["honest"] != 20:
        return f"not measured: an honest submission got {result['honest']}"
    return verdict_on(result["successes"])


def verdict_on(found: list[str]) -> str:
    """The words for what was found: a success, a submission without a grade, or a failure."""
    if not found:
        return "fails"
    if more := [text for text in found if not text.startswith(_NO_GRADE)]:
        return f"**succeeds**: {_in_a_cell(more[0])}"
    return "no grade: it ends with an error, and nothing is recorded for this hand-in"


def _in_a_cell(text: str) -> str:
    cut = " ".join(text.split())[:110]
    return cut.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def table(measured: dict[str, str]) -> str:
    """The page with one table a group."""
    counts = {
        "succeed": sum(text.startswith("**succeeds**") for text in measured.values()),
        "leave no grade": sum(text.startswith("no grade") for text in measured.values()),
        "fail": sum(text == "fails" for text in measured.values()),
    }
    open_ones = [attack for attack in ATTACKS if attack.known]
    lines = [
        "# Attacks",
        "",
        "Written by `python -m tests.attacks.stock`. The column of stock nbgrader is measured,",
        "with its own `Autograde` and default preprocessors; ours is what `tests/attacks` asserts.",
        "",
        f"{len(ATTACKS)} attacks. Stock nbgrader: "
        + ", ".join(f"{count} {what}" for what, count in counts.items())
        + ",",
        f"{len(ATTACKS) - sum(counts.values())} are not run.",
        f"Ours: {len(open_ones)} succeed, {len(ATTACKS) - len(open_ones)} fail.",
    ]
    for group in GROUPS:
        lines += ["", f"## {group.capitalize()}", "", "| attack | stock nbgrader | ours |"]
        lines += ["| --- | --- | --- |"]
        for attack in (a for a in ATTACKS if a.group == group):
            ours = f"**succeeds**: {attack.known}" if attack.known else "fails"
            tries = f"`{attack.name}` {_in_a_cell(attack.tries)}"
            lines.append(f"| {tries} | {measured[attack.name]} | {ours} |")
    return "\n".join(lines) + "\n"


def summary(measured: dict[str, str]) -> str:
    """A table with one line a group: how many attacks succeed."""
    lines = ["| attacks | stock nbgrader | ours |", "| --- | --- | --- |"]
    for group in GROUPS:
        attacks = [attack for attack in ATTACKS if attack.group == group]
        texts = [measured[attack.name] for attack in attacks]
        succeeded = sum(text.startswith("**succeeds**") for text in texts)
        ungraded = sum(text.startswith("no grade") for text in texts)
        ran = succeeded + ungraded + texts.count("fails")
        stock = f"{succeeded} of {ran} run succeed"
        stock += f", {ungraded} leave no grade" if ungraded else ""
        ours = sum(bool(attack.known) for attack in attacks)
        lines.append(f"| {group}: {len(attacks)} | {stock} | {ours} succeed |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Measures all attacks and writes the page, or some and prints."""
    if arguments[:1] == ["--inside"]:
        print("RESULT " + json.dumps(run_inside(*arguments[1:])))  # noqa: T201
        return
    if arguments == ["--page"]:
        _write_pages(_measured())
        return
    known = _measured() if arguments == ["--continue"] else {}
    named = [name for name in arguments if name != "--continue"]
    chosen = [by_name(name) for name in named] or [a for a in ATTACKS if a.name not in known]
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.defpath}"  # for nbgrader's alembic
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_AT_A_TIME) as pool:
        template = StockArena(Path(folder))
        template.close()
        (template.root / "host.sock").unlink()
        texts = list(pool.map(partial(_remember, template=template.root), chosen))
    measured = {attack.name: text for attack, text in zip(chosen, texts, strict=True)}
    if not named:
        _write_pages(known | measured)
    for name, text in measured.items():
        print(f"{name}: {text}")  # noqa: T201


def _measured() -> dict[str, str]:
    """What has been measured so far, by the attack's name."""
    return json.loads(_MEASURED.read_text(encoding="utf-8")) if _MEASURED.is_file() else {}


def _remember(attack: Attack, template: Path) -> str:
    """Measures an attack and notes it, so that what was measured survives an interruption."""
    text = measure(attack, template)
    with _LOCK:
        _MEASURED.write_text(json.dumps(_measured() | {attack.name: text}), encoding="utf-8")
    return text


def _write_pages(found: dict[str, str]) -> None:
    waiting = {a.name: a.stock or "not measured yet" for a in ATTACKS}
    measured = waiting | {name: text for name, text in found.items() if name in waiting}
    PAGE.write_text(table(measured), encoding="utf-8")
    before, _, rest = SECURITY.read_text(encoding="utf-8").partition(_MARKS[0])
    text = f"{before}{_MARKS[0]}\n{summary(measured)}{_MARKS[1]}{rest.partition(_MARKS[1])[2]}"
    SECURITY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
