"""What runs beside the lane is as the platform's YAML says; what is blocked does not run."""

from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Deployment
from checks.rollout.runtime.seen import DeploymentsSeen
from checks.rollout.runtime.seen_beside import ClaimsSeen, ConfigMapsSeen
from config.lanes import Lane
from config.lanes.runtime import Peripheral
from reports.verdicts import Remark, expected, fails_as


@fails_as(Failure.YAML_RUNTIME_DRIFT)
def check_peripherals_run_as_declared(
    live_deployments: DeploymentsSeen,
    runtime_peripherals: tuple[Peripheral, ...],
    lane: Lane,
    remark: Remark,
) -> None:
    saw = []
    for one in runtime_peripherals:
        live = live_deployments.named(one.namespace, one.name)
        where = f"Deployment {one.namespace}/{one.name}"
        saw += [f"{where} {told}" for told in (_unlike(live, one) if live else ["is not there"])]
        if one.blocked and live is not None:
            remark(f"{where} is blocked, as it is declared")
    mend = lane.next_for(Failure.YAML_RUNTIME_DRIFT, "runtime")
    assert not saw, expected("Deployments as they are declared", saw=saw, mend=mend)


def _unlike(live: Deployment, declared: Peripheral) -> list[str]:
    have = 1 if live.replicas is None else live.replicas
    wanted = 0 if declared.blocked else declared.replicas
    images = [one.image for one in live.template.containers if not one.init]
    ports = {port for one in live.template.containers for port in one.ports}
    told = [f"has {have} replicas, not {wanted}"] if have != wanted else []
    if declared.image not in images:
        told.append(f"has {', '.join(images) or 'no image'}, not {declared.image}")
    if declared.port is not None and declared.port not in ports:
        told.append(f"listens at {', '.join(map(str, sorted(ports))) or 'no port'},"
                    f" not {declared.port}")  # fmt: skip
    return told


@fails_as(Failure.YAML_RUNTIME_DRIFT)
def check_blocked_peripherals_keep_what_they_need(
    live_config_maps: ConfigMapsSeen,
    live_claims: ClaimsSeen,
    runtime_peripherals: tuple[Peripheral, ...],
    lane: Lane,
) -> None:
    for one in runtime_peripherals:
        for listing, names in (
            (live_config_maps.listing, one.config_maps),
            (live_claims.listing, one.claims),
        ):
            for name in names:
                listing.ensure_whole(one.namespace, name)
    maps = {(one.meta.namespace, one.meta.name) for one in live_config_maps.items}
    claims = {(one.meta.namespace, one.meta.name) for one in live_claims.items}
    saw = [
        f"{kind} {one.namespace}/{name} is not there"
        for one in runtime_peripherals
        for kind, names, have in (
            ("ConfigMap", one.config_maps, maps),
            ("PersistentVolumeClaim", one.claims, claims),
        )
        for name in names
        if (one.namespace, name) not in have
    ]
    mend = lane.next_for(Failure.YAML_RUNTIME_DRIFT, "runtime")
    assert not saw, expected("what a Deployment needs when it runs again", saw=saw, mend=mend)
