"""What people start from a terminal; the only room that prints."""
