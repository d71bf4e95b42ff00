"""From objects as the API server writes them to what is judged of them."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from sys import intern
from typing import Any

from checks.rollout.catalog.manifests import command_of, installers_in
from checks.rollout.runtime.objects import (
    Condition,
    Container,
    Manager,
    Meta,
    Owner,
    Pairs,
    PodSpec,
)
from config.lanes.catalog import INSTALLERS
from reports.likely import hidden

Object = Mapping[str, Any]
TRACKING = "argocd.argoproj.io/tracking-id"
INSTANCE = "app.kubernetes.io/instance"
RESTARTED = "kubectl.kubernetes.io/restartedAt"
_PRIVATE = re.compile(
    r"PASSW|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE|DSN|DATABASE_URL", re.IGNORECASE
)
_ANNOTATIONS = "spec.template.metadata.annotations."
_FEW_FIELDS = 4
"""Paths that are kept of one manager's, besides those of annotations."""
_MOST_ANNOTATIONS = 50


def part(of: Any, *path: str) -> Any:
    """Return what lies at a path of mappings; None where it does not go on."""
    for key in path:
        of = of.get(key) if isinstance(of, Mapping) else None
    return of


def mapping(of: Any, *path: str) -> Object:
    """Return the mapping at a path; an empty one where there is none."""
    found = part(of, *path)
    return found if isinstance(found, Mapping) else {}


def listed(of: Any, *path: str) -> tuple[Object, ...]:
    """Return the mappings of the list at a path; none where there is no list."""
    found = part(of, *path)
    return (
        tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
    )


def text(of: Any, *path: str) -> str:
    """Return the text at a path; empty where there is none."""
    found = part(of, *path)
    return found if isinstance(found, str) else ""


def text_or_none(of: Any, *path: str) -> str | None:
    """Return the text at a path; None where there is none."""
    return text(of, *path) or None


def number(of: Any, *path: str) -> int:
    """Return the integer at a path; 0 where there is none, as the API server leaves zeros out."""
    return number_or_none(of, *path) or 0


def number_or_none(of: Any, *path: str) -> int | None:
    """Return the integer at a path; None where there is none."""
    found = part(of, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def moment(of: Any, *path: str) -> datetime | None:
    """Return the time at a path; None where there is none. Raises `ValueError` for no time."""
    found = text(of, *path)
    return datetime.fromisoformat(found).astimezone(UTC) if found else None


def texts(of: Any, *path: str) -> tuple[str, ...]:
    """Return the texts of the list at a path."""
    found = part(of, *path)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def pairs(of: Any, *path: str) -> Pairs:
    """Return a mapping of texts as sorted pairs."""
    return tuple(sorted((str(key), str(value)) for key, value in mapping(of, *path).items()))


def read_meta(item: Object) -> Meta:
    """Read what every object has."""
    return Meta(
        namespace=text(item, "metadata", "namespace"),
        name=text(item, "metadata", "name"),
        uid=text(item, "metadata", "uid"),
        generation=number(item, "metadata", "generation"),
        created=moment(item, "metadata", "creationTimestamp"),
        deleting=part(item, "metadata", "deletionTimestamp") is not None,
        labels=pairs(item, "metadata", "labels"),
        tracking=text_or_none(item, "metadata", "annotations", TRACKING),
        instance=text_or_none(item, "metadata", "labels", INSTANCE),
        owners=tuple(
            Owner(text(one, "kind"), text(one, "name"), text(one, "uid"))
            for one in listed(item, "metadata", "ownerReferences")
        ),
    )


def read_conditions(item: Object) -> tuple[Condition, ...]:
    """Read `status.conditions`."""
    return tuple(
        Condition(
            type=text(one, "type"),
            status=text(one, "status"),
            reason=text(one, "reason"),
            message=hidden(text(one, "message")),
            updated=moment(one, "lastUpdateTime") or moment(one, "lastTransitionTime"),
        )
        for one in listed(item, "status", "conditions")
    )


def read_managers(item: Object) -> tuple[Manager, ...]:
    """Read who manages fields of an object's spec; values do not stand there."""
    told = (
        (one, sorted(_below(mapping(one, "fieldsV1", "f:spec"), "spec")))
        for one in listed(item, "metadata", "managedFields")
    )
    return tuple(_manager(one, fields) for one, fields in told if fields)


def _manager(one: Object, fields: list[str]) -> Manager:
    others = [field for field in fields if not field.startswith(_ANNOTATIONS)]
    kept = [field for field in fields if field.startswith(_ANNOTATIONS)][:_MOST_ANNOTATIONS]
    return Manager(
        name=text(one, "manager"),
        operation=text(one, "operation"),
        subresource=text(one, "subresource"),
        at=moment(one, "time"),
        fields=(*others[:_FEW_FIELDS], *kept),
        more=len(others[_FEW_FIELDS:]),
    )


def _below(fields: Object, path: str) -> Iterator[str]:
    """Walk the leaves of `fieldsV1`: https://kubernetes.io/docs/reference/using-api/server-side-apply/."""
    for key, inner in fields.items():
        if key == ".":
            continue
        here = f"{path}.{str(key).removeprefix('f:')}"
        deeper = {name for name in inner if name != "."} if isinstance(inner, Mapping) else None
        if deeper:
            yield from _below(inner, here)
        else:
            yield intern(here)  # objects of a kind have the same fields


def read_pod_spec(spec: Object) -> PodSpec:
    """Read what a pod is made of: its own spec, or that of a template."""
    containers = [
        _container(one, init=name == "initContainers")
        for name in ("containers", "initContainers")
        for one in listed(spec, name)
    ]
    volumes = listed(spec, "volumes")
    projected = [one for volume in volumes for one in listed(volume, "projected", "sources")]
    maps = [text(one, "configMap", "name") for one in (*volumes, *projected)]
    maps += [name for one in listed(spec, "containers") for name in _maps_of_environment(one)]
    maps += [name for one in listed(spec, "initContainers") for name in _maps_of_environment(one)]
    return PodSpec(
        containers=tuple(containers),
        service_account=text(spec, "serviceAccountName") or "default",
        host_network=part(spec, "hostNetwork") is True,
        claims_by_volume=tuple(
            (text(one, "name"), claim)
            for one in volumes
            if (claim := text(one, "persistentVolumeClaim", "claimName"))
        ),
        config_maps=_names(maps),
    )


def _names(found: Any) -> tuple[str, ...]:
    return tuple(sorted({one for one in found if one}))


def _maps_of_environment(container: Object) -> list[str]:
    every = [text(one, "configMapRef", "name") for one in listed(container, "envFrom")]
    keyed = listed(container, "env")
    return every + [text(one, "valueFrom", "configMapKeyRef", "name") for one in keyed]


def _container(one: Object, *, init: bool) -> Container:
    ports = listed(one, "ports")
    plain = [entry for entry in listed(one, "env") if _is_plain(entry)]
    others = [entry for entry in listed(one, "env") if not _is_plain(entry)]
    return Container(
        name=text(one, "name"),
        image=text(one, "image"),
        env=tuple(sorted((text(entry, "name"), text(entry, "value")) for entry in plain)),
        others=tuple(sorted(text(entry, "name") for entry in others)),
        host_ports=tuple(number(port, "hostPort") for port in ports if number(port, "hostPort")),
        ports=tuple(number(port, "containerPort") for port in ports),
        mounts=tuple(text(mount, "name") for mount in listed(one, "volumeMounts")),
        init=init,
        installs=_installs(command_of(one)),
    )


def _installs(command: str) -> tuple[str, ...]:
    return tuple(installers_in(command, INSTALLERS)) if command else ()


def _is_plain(entry: Object) -> bool:
    """Tell whether a variable's value is written out, and by its name may be kept."""
    return "valueFrom" not in entry and not _PRIVATE.search(text(entry, "name"))
