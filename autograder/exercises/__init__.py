"""Exercises that know the mistakes: they grade, name a mistake, and are tested themselves.

An exercise is declared once. The declaration grades (`FunctionExercise.grade`), names the mistake
behind a wrong answer, and is itself tested: every declared mistake must lose points and be named,
every right way of writing it must earn them all. ``docs/lab-author.md`` has the ten steps.

Hidden tests import what they need from here. The modules: `cases` and `sampling` (inputs),
`mistakes`, `variants`, `declared_function` and `declaration` (declare), `questions`, `calls`,
`judging`, `diagnosis`, `speed` and `grading` (grade), `wording` (tell), `kernel_exercise` and
`kernel_libraries` (functions whose arguments or results stay in the kernel).

Examples:
    >>> from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList
    >>> mistakes = MistakeList()
    >>> @mistakes.add("the factor is forgotten: multiply by it.")
    ... def factor_forgotten(x, factor):
    ...     return x
    >>> def scale(x, factor):
    ...     return x * factor
    >>> def numbers(rng):
    ...     return Case((rng.normal(size=3), 2.0))
    >>> group = CaseGroup("basic", share=1.0, draws=(numbers,))
    >>> SCALE = FunctionExercise("scale", 5, scale, (group,), mistakes=tuple(mistakes))
    >>> SCALE.grade(lambda x, factor: factor * x)
    5.0
    >>> mark = SCALE.grade(lambda x, factor: x)
    >>> mark, mark.mistakes
    (0.0, ('scale/factor_forgotten',))
    >>> mark.messages[-1].text
    'This is what comes out when the factor is forgotten: multiply by it.'
"""

from autograder.exercises.cases import Case, CaseGroup, Sampler
from autograder.exercises.declaration import Exercise, FunctionExercise, JointExercise
from autograder.exercises.declared_function import DeclaredFunction
from autograder.exercises.judging import RIGHT, Judgement, wrong
from autograder.exercises.kernel_exercise import KernelExercise
from autograder.exercises.mistakes import Mistake, MistakeList, functions_named, of_functions
from autograder.exercises.sampling import distinguishing
from autograder.exercises.speed import SpeedTest
from autograder.exercises.variants import (
    all_forms,
    as_float32,
    as_integer_type,
    as_lists,
    in_fortran_order,
)

__all__ = [
    "RIGHT",
    "Case",
    "CaseGroup",
    "DeclaredFunction",
    "Exercise",
    "FunctionExercise",
    "JointExercise",
    "Judgement",
    "KernelExercise",
    "Mistake",
    "MistakeList",
    "Sampler",
    "SpeedTest",
    "all_forms",
    "as_float32",
    "as_integer_type",
    "as_lists",
    "distinguishing",
    "functions_named",
    "in_fortran_order",
    "of_functions",
    "wrong",
]
