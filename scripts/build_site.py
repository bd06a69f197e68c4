"""Builds lessons, labs and docs as static pages: ``make site``.

Nothing is run: lessons show their stored outputs, labs are as students get them. The pages need no
network and no server.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from autograder.course.course import Course
from autograder.course.lab import Lab
from autograder.course.leaks import HIDDEN_TEST, SOLUTION_LINE, Leak, find_leaks
from scripts.site_sources import lay_out

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Path(__file__).resolve().parent / "site"


def build(root: Path, site: Path) -> None:
    """Build the site of a course in a new folder.

    Raises:
        subprocess.CalledProcessError: Sphinx warned of something; it says of what.
    """
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        lay_out(root, stage)
        render(stage, site)


def render(stage: Path, site: Path) -> None:
    """Make pages of laid out sources, see `build`; a link that leads nowhere is a warning."""
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    with tempfile.TemporaryDirectory() as doctrees:
        folders = [f"--conf-dir={SETTINGS}", f"--doctree-dir={doctrees}", str(stage), str(site)]
        subprocess.run([*sphinx, *folders], check=True)


def leaks(root: Path, site: Path) -> Iterator[Leak]:
    """Yield what the site shows and students must not see.

    A line of one lab's solution may stand in a lesson, in the docs or in what another lab gives.
    The docs speak of the marks of solutions and hidden tests as well.
    """
    course = Course.load(root)
    labs = [course.lab(name) for name in course.lab_names]
    public = set(_public_lines(root, labs))
    for lab in labs:
        for leak in find_leaks(site, lab):
            is_line = leak.what in (SOLUTION_LINE, HIDDEN_TEST)
            if (is_line or leak.path.parts[0] == "labs") and leak.line.strip() not in public:
                yield leak


def _public_lines(root: Path, labs: Iterable[Lab]) -> Iterator[str]:
    """Yield all lines that students have: of docs, lessons and released labs."""
    texts = [path.read_text(encoding="utf-8") for path in root.glob("docs/*.md")]
    lessons = [nbformat.read(path, as_version=4) for path in root.glob("lessons/*/[!.]*.ipynb")]
    released = [book.released for lab in labs for book in lab.notebooks.values()]
    texts += [cell.source for notebook in (*lessons, *released) for cell in notebook.cells]
    yield from (line.strip() for text in texts for line in text.split("\n"))


def main() -> None:
    """Build the site of this course in ``site/``, in place of an older one."""
    site = ROOT / "site"
    with tempfile.TemporaryDirectory(prefix=".site-", dir=ROOT) as folder:
        built = Path(folder, "site")
        try:
            build(ROOT, built)
        except subprocess.CalledProcessError:
            sys.exit("the site is not built; see above")
        if found := list(leaks(ROOT, built)):
            sys.exit("\n".join(["these pages would give away what is secret:", *map(str, found)]))
        shutil.rmtree(site, ignore_errors=True)
        built.rename(site)
    print("the site is built: open site/index.html")


if __name__ == "__main__":
    main()
