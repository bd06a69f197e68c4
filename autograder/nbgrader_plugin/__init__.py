"""Puts verdicts into nbgrader: its gradebook, its autograded notebooks, its feedback.

Everything here runs through nbgrader's own converters and is switched on by `configure` in an
``nbgrader_config.py``. No line of a submission runs in this part.
"""
