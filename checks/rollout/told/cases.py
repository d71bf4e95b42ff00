"""What the lane's own commands offer its checks: `told_control_plane`, `told_git_mirror`."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

from checks.rollout.told.sightings import told_of
from config.lanes import Lane
from config.lanes.told import StatusCommand
from config.schema import Profile

_TELLS: tuple[str, ...] = get_args(get_type_hints(StatusCommand)["tells"])


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer what each kind of command tells, as `told_` and its kind; absent with a reason."""
    return {f"told_{one.replace('-', '_')}": told_of(profile, lane, one) for one in _TELLS}
