"""What of a workload runs, beside the image that the catalog published for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.rollout.catalog.identity import Identity, Sameness, identify
from checks.rollout.catalog.seen import Catalog
from checks.rollout.runtime.objects import Pod
from checks.rollout.runtime.picking import Paired
from checks.rollout.runtime.pods import Own
from fixtures.registries import Manifest, NotThere


@dataclass(frozen=True, slots=True)
class Ran:
    """What a pod runs, or a template names, and how that stands to the published image."""

    where: str
    image: str
    identity: Identity

    def __str__(self) -> str:
        image = self.image or "nothing yet"
        return f"{self.where} has {image}: {self.identity.sameness}: {self.identity.why}"


@dataclass(frozen=True, slots=True)
class Running:
    """A workload with the published image, its template, and its pods, of now and of before."""

    wanted: str
    template: Ran
    current: tuple[Ran, ...]
    old: tuple[Ran, ...]


def running_of(
    pair: Paired,
    own: Own,
    catalog: Catalog,
    shown: Sequence[Manifest | NotThere],
) -> Running | None:
    """Compare a workload with its service in the catalog; None where that has no image of it."""
    published = next(
        (one for one in catalog.services if one.service == pair.expected.service), None
    )
    if published is None or published.repository is None or published.digest is None:
        return None
    wanted = f"{published.repository}@{published.digest}"
    container = pair.live.template.container(pair.expected.container)
    template = container.image if container else ""
    name = container.name if container else None
    return Running(
        wanted=wanted,
        template=Ran(f"{pair}'s template", template, identify(wanted, template, shown)),
        current=tuple(_ran(pair, pod, name, wanted, shown) for pod in own.current),
        old=tuple(_ran(pair, pod, name, wanted, shown) for pod in own.old),
    )


def no_image(pair: Paired, catalog: Catalog) -> str:
    """Say that the catalog has no image of a workload's service, and of which it has."""
    has = ", ".join(one.service for one in catalog.services if one.digest) or "none"
    return (
        f"{pair}: the catalog has no image of {pair.expected.service}; it has {has}"
        " (`service` of the lane's workload says which)"
    )


def _ran(
    pair: Paired,
    pod: Pod,
    container: str | None,
    wanted: str,
    shown: Sequence[Manifest | NotThere],
) -> Ran:
    state = next((one for one in pod.containers if one.name == container), None)
    where = f"{pair}: pod {pod.meta.name}"
    if state is None or not state.image_id:
        why = f"its container {container} has not been started"
        return Ran(where, "", Identity(Sameness.INCONCLUSIVE, why))
    return Ran(where, state.image_id, identify(wanted, state.image_id, shown))
