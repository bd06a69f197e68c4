"""Set-up and upkeep of the course; nothing here is installed with the packages."""
