"""Grades notebooks without trusting a line of what was handed in. It never ships to students."""
