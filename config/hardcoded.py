"""What is expected of what may be written into the files of a repository."""

from config.model import Model


class Hardcoded(Model):
    """What is expected of what may be written into the files of a repository."""
