"""Whether an attack succeeded, from what was seen outside; the same for ours and for stock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from tests.attacks.lab import CANARIES
from tests.attacks.model import WON, Attack

MOST_BYTES = 5_000_000
"""What a verdict and its pages may take."""
MOST_MEMORY = 600_000_000
"""What the grader may need for one submission, in bytes."""
MOST_CPU_SECONDS = 12.0
"""What the grader itself may compute for one submission."""


@dataclass(frozen=True)
class Seen:
    """What was to be seen of one graded submission.

    Args:
        points: points in the gradebook; None where there is no grade.
        reason: why there is none; empty if nothing was said.
        shown: all that came out of the submission: outputs, messages, feedback.
        active: what pages have, by the student's doing, that a browser would run or fetch.
        size: characters of verdict and pages.
        crash: what the grader raised, if it did.
        survivors: processes that were there after the kernel had ended.
        changed: files of others that had been changed, made or removed, and foreign scores.
        reached: who was reached by the network.
        seconds: wall time.
        cpu_seconds: the grader's own processor time.
        memory: by how much the grader grew at its largest, in bytes.
    """

    points: float | None = None
    reason: str = ""
    shown: str = ""
    active: tuple[str, ...] = ()
    size: int = 0
    crash: str = ""
    survivors: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0


def successes(attack: Attack, seen: Seen, secrets: tuple[str, ...] = ()) -> list[str]:
    """How the attack was seen to succeed, a sentence each; none if it failed.

    Args:
        attack: the attack.
        seen: what was seen.
        secrets: texts that must not be shown, beside the canaries.
    """
    found = [*_about_grade(attack, seen), *_about_use(attack, seen)]
    found += [f"showed {text!r}" for text in (*CANARIES, *secrets) if text in seen.shown]
    if WON in seen.shown:
        line = next(line for line in seen.shown.splitlines() if WON in line)
        found.append(f"said {line[line.index(WON) :][:120]!r}")
    found += [f"left {what!r} running" for what in seen.survivors]
    found += [f"changed {what}" for what in seen.changed]
    found += [f"reached {who}" for who in seen.reached]
    found += [f"put {what} into a page" for what in seen.active]
    return found


def _about_grade(attack: Attack, seen: Seen) -> list[str]:
    if seen.crash:
        return [f"broke the grader: {seen.crash[:300]}"]
    if attack.ungraded:
        reporting = seen.points is None and bool(seen.reason)
        return [] if reporting else [f"got {seen.points} points, or none without a reason"]
    if seen.points is None:
        return [f"there is no grade: {seen.reason[:300]}"]
    if seen.points > attack.earns:
        return [f"got {seen.points:g} points"]
    return []


def _about_use(attack: Attack, seen: Seen) -> list[str]:
    found = []
    if seen.seconds > attack.seconds:
        found.append(f"took {seen.seconds:.0f} seconds")
    if seen.cpu_seconds > MOST_CPU_SECONDS:
        found.append(f"had the grader compute for {seen.cpu_seconds:.0f} seconds")
    if seen.memory > MOST_MEMORY:
        found.append(f"had the grader take {seen.memory / 1e6:.0f} MB")
    if seen.size > MOST_BYTES:
        found.append(f"made pages of {seen.size / 1e6:.0f} MB")
    return found


_ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "link", "meta", "base"}
_ACTIVE |= {"form", "input", "button", "textarea", "style", "svg", "video", "audio"}
_ACTIVE |= {"maction", "mglyph", "semantics", "annotation-xml"}  # of MathML
_SAFE_ADDRESS = re.compile(r"^(#|data:image/(png|jpeg|gif);base64,)", re.IGNORECASE)
_LOADING = {"src", "srcset", "poster", "background", "data", "action", "formaction", "xlink:href"}


class _ActiveContent(HTMLParser):
    """Finds what a browser would run, fetch or be led astray by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if _is_active(name, text):
                self.found.append(f"{name}={text[:40]}")


def _is_active(name: str, text: str) -> bool:
    """Whether an attribute runs something, fetches something or leads astray."""
    if name.startswith("on") or "expression(" in text or "url(" in text:
        return True
    if name in _LOADING:
        return not _SAFE_ADDRESS.match(text)
    return name == "href" and bool(re.match(r"(javascript|data|vbscript):", text))


def active_content(html: str) -> list[str]:
    """What of some HTML a browser would run or fetch; empty if it is harmless."""
    parser = _ActiveContent()
    parser.feed(html)
    parser.close()
    return parser.found
