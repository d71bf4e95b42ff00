"""What is expected of the workflow files of a repository."""

from config.model import Model


class Workflows(Model):
    """What is expected of the workflow files of a repository."""
