"""A lane's chain: its links in order, the first that is broken, and whether it stood still."""
