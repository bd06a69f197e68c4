"""Reads what students handed in, without trusting a byte of it."""
