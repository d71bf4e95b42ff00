"""The classes of a lane's failures, which a profile names too: for each its own next command."""

from config.lanes.failures import Failure

__all__ = ["Failure"]
