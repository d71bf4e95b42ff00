"""What is expected of the labels of runners, and of the hosts that carry them."""

from config.model import Model


class Labels(Model):
    """What is expected of the labels of runners, and of the hosts that carry them."""
