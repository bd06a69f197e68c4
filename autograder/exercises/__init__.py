"""Exercises that know the mistakes: they grade, name a mistake, and are tested themselves.

An exercise is declared once. The declaration grades (`declaration.FunctionExercise.grade`), names
the mistake behind a wrong answer (`diagnosis`), and is itself tested (`declaration.Trial`): every
declared mistake must lose points and be named, every right way of writing it must earn them all.

How to declare an exercise, in ten steps:

1.  Choose the module of the lab, or make one, and give it ``EXERCISES``, a tuple of all its
    exercises. Write in the exercise's docstring what is returned, with shapes.
2.  Write the **reference**: a right implementation with the signature that students see, on SciPy
    or NumPy, independent of the notebook's solution. Its parameters' names appear in messages.
3.  Write **draws**: functions ``(rng) -> Case(args, kwargs)`` of tiny inputs, float64, with all
    values and some lengths from the generator. `functools.partial` makes many from one.
4.  Put the draws into **case groups** that each test one thing (basic, stride, padding 0 ...), with
    shares that sum to 1. Keep what a group is about out of the others, so that one mistake costs
    its own group and not all of them.
5.  Write the **mistakes** that people really make, decorated with ``mistakes.add("...")`` of a
    `diagnosis.MistakeList`. The sentence goes on after "This is what comes out when" and says
    what is wrong, then what to do. The function's name is the mistake's id. A mistake that raises
    is known by its errors (`coursekit.stored_cases.error_kinds`); where the way of writing decides
    what is raised, give the other ways as ``others``. Let a mistake raise what NumPy raises.
6.  Make the cases tell the mistakes apart: no two of them may give the same answers on all cases.
    Of two that do, the one declared first is named. What a case is there to show is no matter of
    chance: `sampling.distinguishing` repeats a draw until given mistakes are wrong in it, so that
    everyone who makes one of them loses the same points.
7.  Write **variants**: loops, vectorised, one pass through a library, other result types
    (`variants.all_forms`). Each must earn all points.
8.  Put it together: ``CONV2D = FunctionExercise(name, points, reference, groups, mistakes,
    variants)``. ``integer=True`` insists on whole numbers, ``parts={"dx": 2, "db": 1}`` judges and
    names the parts of a tuple one by one, ``judge=`` replaces the comparison where there is no one
    right answer, ``speed=`` adds points for speed, `declaration.JointExercise` joins several
    functions.
9.  Let the hidden part of the notebook's test cell end with ``convolution.CONV2D.grade(conv2d)``,
    between ``### BEGIN HIDDEN TESTS`` and ``### END HIDDEN TESTS``.
10. Run ``autograder certify LAB --no-mutants``. It grades every trial of every exercise for several
    students and says which mistake is not caught or not named.
"""
