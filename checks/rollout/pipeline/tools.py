"""The images that builds stand on, asked for in the registry that they are pulled from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.rollout.catalog.showing import show_images
from checks.rollout.told.fields import dig
from checks.rollout.told.seen import Told
from fixtures.github.ways import import_client
from fixtures.registries import Manifest, NotThere, RegistryPlace
from fixtures.registries.manifests import ACCEPT
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Tool:
    """An image as the lane names it, and what the registry showed of it."""

    name: str
    shown: Manifest | NotThere


@observation
class ToolsStored:
    """The images that builds stand on, as their registry shows them. Times are UTC."""

    kind: Literal["registry-tools"] = "registry-tools"
    registry: str
    tools: tuple[Tool, ...]
    at: datetime

    @property
    def missing(self) -> tuple[str, ...]:
        """Those that the registry does not have, with its own word."""
        return tuple(
            f"{self.registry}/{one.name}: {one.shown.code}"
            for one in self.tools
            if isinstance(one.shown, NotThere)
        )

    @property
    def headline(self) -> str:
        there = len(self.tools) - len(self.missing)
        return f"{self.registry} has {there} of {len(self.tools)} images that builds stand on"


@by_hand(
    lambda place, tools: "; ".join(
        f"curl -sS -H 'Accept: {ACCEPT}' {place.url}/v2/{path}/manifests/{reference}"
        for path, reference in _references(place, tools)
    )
)
@prepared_by(import_client)
async def look_at_tools(
    place: RegistryPlace, vantage: Vantage, tools: tuple[str, ...], *, deadline: float
) -> ToolsStored:
    """Ask the registry for each image, by its tag or its digest."""
    at = datetime.now(UTC)
    asked = tuple(_references(place, tools))
    shown = await show_images(place, vantage, asked, deadline=deadline)
    found = {(one.repository, one.reference): one for one in shown}
    named = zip(tools, asked, strict=True)
    return ToolsStored(
        registry=place.name,
        tools=tuple(Tool(name, found[reference]) for name, reference in named),
        at=at,
    )


@by_hand(lambda place, field: f"curl -sS {place.url}/v2/PATH/manifests/TAG, of the tool's {field}")
@prepared_by(import_client)
async def look_at_told_image(
    place: RegistryPlace, vantage: Vantage, field: str, told: Told, *, deadline: float
) -> ToolsStored:
    """Ask the registry for the image that a tool names in a field; for none of another registry."""
    name = dig(told, field)
    is_own = isinstance(name, str) and name.startswith(f"{place.name}/")
    return await look_at_tools(place, vantage, (name,) if is_own else (), deadline=deadline)


def none_stored(registry: str) -> ToolsStored:
    """Return what is seen where no image can be asked for; `registry` is empty without one."""
    return ToolsStored(registry=registry, tools=(), at=datetime.fromtimestamp(0, UTC))


def _references(place: RegistryPlace, tools: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Walk the path and the reference of each; without a tag or a digest it is `latest`."""
    for tool in tools:
        name = tool.removeprefix(f"{place.name}/")
        path, _, digest = name.partition("@")
        if digest:
            yield path, digest
            continue
        path, colon, tag = name.rpartition(":")
        yield (path, tag) if colon and "/" not in tag else (name, "latest")
