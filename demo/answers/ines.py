"""Handed in what she was given: nothing is filled in."""
