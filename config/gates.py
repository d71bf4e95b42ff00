"""What is expected of the gates of a repository: the checks that are required, or are to be."""

from config.model import Model


class Gates(Model):
    """What is expected of the gates of a repository: the checks that are required, or are to be."""
