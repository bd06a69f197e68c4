"""Hidden tests of this course's labs: one package per lab, written with `autograder.exercises`."""
