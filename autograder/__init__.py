"""Grades nbgrader's labs: submissions run in a sandbox and are examined from outside it.

A course is graded by this package if its ``nbgrader_config.py`` says::

    from autograder import configure

    configure(c)

Its hidden tests are declared with `autograder.exercises`. Everything else is the command line:
``autograder --help``.
"""

from autograder.nbgrader_plugin.configure import configure

__all__ = ["configure", "exercises"]
