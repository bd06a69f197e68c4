"""What grading gives, as plain data: marks, verdicts, and how they are written to disk."""
