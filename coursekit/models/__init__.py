"""Networks that ship with the course. Keras is imported when one is made."""
