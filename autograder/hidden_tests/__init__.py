"""The hidden tests of this course's labs, a package a lab, declared with `autograder.exercises`."""
