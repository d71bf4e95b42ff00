"""By what a namespace can be reached from outside of its cluster."""

from collections.abc import Iterable

from checks.rollout.runtime.objects import Ingress, Pod, Service, Workload


def ways_in(services: Iterable[Service]) -> tuple[str, ...]:
    """Return by which Services pods are reached from outside, in words."""
    found = []
    for one in services:
        if one.type in ("NodePort", "LoadBalancer"):
            ports = ", ".join(map(str, one.node_ports)) or "none yet"
            found.append(f"Service {one.meta.name} is of the type {one.type}: node ports {ports}")
        if one.external:
            found.append(f"Service {one.meta.name} answers at {', '.join(one.external)}")
    return tuple(found)


def ports_of_hosts(every: Iterable[Workload | Pod]) -> tuple[str, ...]:
    """Return which containers take ports of their node, in words."""
    found = []
    for one in every:
        spec = one.spec if isinstance(one, Pod) else one.template
        kind = type(one).__name__
        found += [
            f"{kind} {one.meta.name}: {container.name} takes port {port} of its node"
            for container in spec.containers
            for port in (container.ports if spec.host_network else container.host_ports)
        ]
    return tuple(found)


def answering(ingresses: Iterable[Ingress]) -> tuple[str, ...]:
    """Return the Ingresses, in words."""
    return tuple(f"Ingress {one.meta.name} answers for {', '.join(one.hosts)}" for one in ingresses)
