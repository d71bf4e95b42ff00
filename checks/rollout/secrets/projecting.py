"""What is kept of a Job: which Secrets its containers are given, and how."""

from collections.abc import Iterator, Mapping
from typing import Any

from checks.rollout.secrets.seen import Mount, RunnerContainer, RunnerJob
from fixtures.clusters import Object

_KEPT = ("secret", "projected", "configMap", "downwardAPI")
"""Volumes that the kubelet fills, and writes anew: nothing else can be kept in them."""


def runner_job_of(job: Object) -> RunnerJob:
    """Return a Job as far as Secrets are concerned."""
    metadata, spec = job["metadata"], job["spec"]["template"]["spec"]
    volumes = {str(one["name"]): one for one in spec.get("volumes") or ()}
    every = [(one, True) for one in spec.get("initContainers") or ()]
    every += [(one, False) for one in spec["containers"]]
    return RunnerJob(
        namespace=str(metadata.get("namespace", "")),
        name=str(metadata["name"]),
        labels=tuple(sorted((metadata.get("labels") or {}).items())),
        containers=tuple(_container(one, volumes, init=init) for one, init in every),
    )


def _container(
    one: Mapping[str, Any], volumes: Mapping[str, Any], *, init: bool
) -> RunnerContainer:
    variables = one.get("env") or ()
    root = (one.get("securityContext") or {}).get("readOnlyRootFilesystem")
    return RunnerContainer(
        name=str(one["name"]),
        paths=tuple(
            (str(env["name"]), str(env["value"]))
            for env in variables
            if str(env.get("value", "")).startswith("/")
        ),
        by_variable=tuple(dict.fromkeys(_by_variable(one))),
        mounts=tuple(_mount(mount, volumes) for mount in one.get("volumeMounts") or ()),
        read_only_root=root is True,
        init=init,
    )


def _by_variable(container: Mapping[str, Any]) -> Iterator[str]:
    for env in container.get("env") or ():
        reference = (env.get("valueFrom") or {}).get("secretKeyRef")
        if reference:
            yield str(reference.get("name", ""))
    for source in container.get("envFrom") or ():
        if source.get("secretRef"):
            yield str(source["secretRef"].get("name", ""))


def _mount(mount: Mapping[str, Any], volumes: Mapping[str, Any]) -> Mount:
    name = str(mount["name"])
    volume: Mapping[str, Any] = volumes.get(name) or {}
    return Mount(
        path=str(mount["mountPath"]),
        volume=name,
        read_only=mount.get("readOnly") is True,
        holds=tuple(dict.fromkeys(_held(volume))),
        kept=any(kind in volume for kind in _KEPT),
    )


def _held(volume: Mapping[str, Any]) -> Iterator[str]:
    if volume.get("secret"):
        yield str(volume["secret"].get("secretName", ""))
    for source in (volume.get("projected") or {}).get("sources") or ():
        if source.get("secret"):
            yield str(source["secret"].get("name", ""))
