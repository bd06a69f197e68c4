"""The instructor's side of a course: its folders and settings, its labs and their cells."""
