"""How the pods of a run reach the network: the host's, past the proxy, and by which addresses."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.judging import ensure_resolved, listed
from checks.rollout.pipeline.objects import Network
from checks.rollout.pipeline.plain import names, uncommented
from checks.rollout.pipeline.proxying import exemptions
from checks.rollout.pipeline.seen import PodsOfRun, WholeRun
from config.lanes import Lane
from config.lanes.pipeline import HostNetwork
from reports.verdicts import Inconclusive, expected, fails_as


@fails_as(Failure.PIPELINE_NETWORK_DRIFT)
def check_run_uses_the_declared_network(
    lane: Lane, pipeline_network: HostNetwork, whole_run: WholeRun
) -> None:
    own = [(whole_run.run.name, whole_run.run.network)]
    own += [(one.name, one.network) for one in whole_run.tasks]
    wrong = [f"{name}: {_words(one)}" for name, one in own if _differs(one, pipeline_network)]
    assert not wrong, expected(
        f"pod templates with hostNetwork={pipeline_network.host_network} and"
        f" dnsPolicy={pipeline_network.dns_policy}",
        saw=wrong,
        mend=lane.next_for(Failure.PIPELINE_NETWORK_DRIFT, "pipeline"),
    )


@fails_as(Failure.PIPELINE_NETWORK_DRIFT)
def check_pods_of_the_run_use_the_declared_network(
    lane: Lane, pipeline_network: HostNetwork, pods_of_run: PodsOfRun
) -> None:
    if not pods_of_run.pods:
        raise Inconclusive(
            f"evidence-expired, or not made yet: {pods_of_run.headline}",
            lane.next_for("pending", "pipeline"),
        )
    wrong = [
        f"{one.name}: hostNetwork={one.host_network} dnsPolicy={one.dns_policy}"
        for one in pods_of_run.pods
        if (one.host_network, one.dns_policy)
        != (pipeline_network.host_network, pipeline_network.dns_policy)
    ]
    assert not wrong, expected(
        f"pods with hostNetwork={pipeline_network.host_network} and"
        f" dnsPolicy={pipeline_network.dns_policy}",
        saw=wrong,
        mend=lane.next_for(Failure.PIPELINE_NETWORK_DRIFT, "pipeline"),
    )


@fails_as(Failure.NO_PROXY_INCOMPLETE)
def check_steps_let_the_lanes_names_past_the_proxy(
    lane: Lane, pipeline_no_proxy: tuple[str, ...], whole_run: WholeRun
) -> None:
    wanted = pipeline_no_proxy
    found = tuple(exemptions(whole_run))
    wrong = [
        f"{one.place}: {one.value or 'no NO_PROXY'} lacks {listed(one.lacks(wanted))}"
        for one in found
        if one.value is not None and one.lacks(wanted)
    ]
    assert not wrong, expected(
        f"NO_PROXY with {listed(wanted)} in every step that has a proxy",
        saw=wrong,
        mend=lane.next_for(Failure.NO_PROXY_INCOMPLETE, "pipeline"),
    )
    ensure_resolved(whole_run, lane)
    assert found, expected(
        f"NO_PROXY with {listed(wanted)} in the steps of {whole_run.run.name}",
        saw="no step that has NO_PROXY, or a proxy",
        mend=lane.next_for(Failure.NO_PROXY_INCOMPLETE, "pipeline"),
    )
    unread = [one.place for one in found if one.value is None]
    if unread:
        raise Inconclusive(
            f"NO_PROXY of {listed(unread)} is taken from elsewhere, and cannot be read in the run",
            "set it in the step, or in the pod template",
        )


@fails_as(Failure.ENDPOINT_DRIFT)
def check_steps_use_the_declared_endpoints(
    lane: Lane, pipeline_endpoints: tuple[str, ...], whole_run: WholeRun
) -> None:
    ensure_resolved(whole_run, lane)
    said = "\n".join(uncommented("\n".join(whole_run.said)))
    missing = [one for one in pipeline_endpoints if not names(said, one)]
    assert not missing, expected(
        f"the steps of {whole_run.run.name} to use {listed(pipeline_endpoints)}",
        saw=f"nothing of {listed(missing)}",
        mend=lane.next_for(Failure.ENDPOINT_DRIFT, "pipeline"),
    )


def _differs(network: Network, wanted: HostNetwork) -> bool:
    return (network.host_network or False, network.dns_policy or "ClusterFirst") != (
        wanted.host_network,
        wanted.dns_policy,
    )


def _words(network: Network) -> str:
    dns = network.dns_policy or "not said"
    host = "not said" if network.host_network is None else network.host_network
    return f"hostNetwork is {host}, dnsPolicy is {dns}"
