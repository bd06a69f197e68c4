"""Which names of folders can be students' ids."""

from __future__ import annotations


def why_bad_student_id(student: str) -> str:
    """Return why a folder's name cannot be a student's id, with what to do; empty if it can."""
    if student.strip() != student:
        return f"the folder {student!r} begins or ends with white space; rename it"
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return f"the name of the folder {student!r} is no UTF-8 text; rename it"
    if not student.isprintable() or student in (".", "..") or "/" in student:
        return f"the name of the folder {student!r} cannot be printed; rename it"
    if found := sorted(set(student) & set('<>"')):
        return f"the name of the folder {student!r} has {' '.join(found)} in it; rename it"
    return ""
