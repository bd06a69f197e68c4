"""Networks that ship with the course. Keras is imported when one is built."""

__all__ = ["classic", "digits", "efficientnet", "quiet"]
