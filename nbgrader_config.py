"""nbgrader's settings for the course: where its folders are and what students see in their copy."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # nbgrader runs this file with it

c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "labs"

# The exchange lies inside the course, so nothing has to be registered on the machine. nbgrader
# does not make its folder.
(ROOT / ".exchange").mkdir(exist_ok=True)
c.Exchange.root = str(ROOT / ".exchange")
c.Exchange.assignment_dir = str(ROOT / "work")

# A stub that runs is a stub that fails quietly: every unwritten answer raises.
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# Submissions are graded by this project's own grader, in a sandbox; see docs/instructor.md.
from autograder import configure  # noqa: E402  # `c` comes first

configure(c)

# No test of this course runs in a student's kernel, where a submission could forge what it says.
c.Grading.tests = "outside"
