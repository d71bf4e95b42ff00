"""Sightings of what a lane's own commands tell, which nodes share."""

from checks.rollout.places import vantage_of
from checks.rollout.source.sightings import target_of
from checks.rollout.told.probe import Asked, ask_tool, ask_tool_about
from config.lanes import Lane
from config.lanes.told import StatusCommand
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting


def told_of(profile: Profile, lane: Lane, tells: str) -> Sighting | Absent:
    """Return the sighting of the lane's first command that tells this, or why there is none."""
    if isinstance(lane.told, Absent):
        return lane.told
    chosen = next((one for one in lane.told if one.tells == tells), None)
    if chosen is None:
        return Absent(absent=f"no status command of the lane tells of {tells}")
    return told_by(profile, lane, chosen)


def told_named(profile: Profile, lane: Lane, name: str | None) -> Sighting | Absent:
    """Return the sighting of the lane's command of this name, or why there is none."""
    if isinstance(lane.told, Absent):
        return lane.told
    chosen = next((one for one in lane.told if one.name == name), None)
    if chosen is None:
        return Absent(absent=f"the lane has no status command {name}")
    return told_by(profile, lane, chosen)


def told_by(profile: Profile, lane: Lane, command: StatusCommand) -> Sighting:
    """Return the sighting of a status command; lanes that ask the same make it once."""
    filled = {"{lane}": lane.lane, "{node}": lane.node or ""}
    asked = Asked(
        name=command.name,
        tells=command.tells,
        argv=tuple(_fill(word, filled) for word in command.argv),
        prefix=command.prefix,
    )
    vantage = command.vantage or vantage_of(profile, lane.vantage)
    of_commit = asked.is_of_a_commit
    return Sighting(
        ask_tool_about if of_commit else ask_tool,
        asked,
        vantage,
        needs=(target_of(profile, lane),) if of_commit else (),
        deadline=command.deadline,
        takes=command.deadline,
    )


def _fill(word: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        word = word.replace(key, value)
    return word
