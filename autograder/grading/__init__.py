"""Grades one submission: its cells run in a sandboxed kernel, its tests outside it."""
