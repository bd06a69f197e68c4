"""Writes the table of certificates in docs/lab-author.md: ``python -m scripts.certificate_table``.

It runs ``autograder certify --all``, some minutes. Tests of the certificates compare each row.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "lab-author.md"
TABLE = re.compile(r"(<!-- certificates -->\n).*?(<!-- end of certificates -->)", re.DOTALL)
COLUMNS = (
    "lab",
    "mistakes caught",
    "named",
    "right ways with all points",
    "mutants that lose points",
    "explained",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"


def row_of(certificate: dict[str, Any]) -> str:
    """Return a lab's row of the table.

    Args:
        certificate: one of those that ``autograder certify --json`` writes.
    """
    total = certificate["total"]
    counts = {name: total[name] for name in ("caught", "named", "variants", "mutants")}
    caught, named, variants, mutants = (f"{c['good']} of {c['of']}" for c in counts.values())
    cells = (f"`{certificate['lab']}`", caught, named, variants, mutants, f"{total['explained']}")
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Certify all labs and write the table; exit with the certificates' code."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificates.json"
        command = [str(Path(sys.executable).with_name("autograder")), "certify", "--all"]
        command += ["--json", str(file)]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        labs = json.loads(file.read_text(encoding="utf-8"))["labs"]
    table = HEAD + "".join(map(row_of, labs))
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(rf"\g<1>{table}\g<2>", text), encoding="utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main()
