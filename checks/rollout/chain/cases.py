"""What a lane's chain offers its checks: the chain as a whole."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.chain.sightings import chain_of
from config.lanes import Lane
from config.schema import Profile


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer the chain, put together of all that the lane's nodes saw."""
    return {"chain": chain_of(profile, lane)}
