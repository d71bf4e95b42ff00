"""What is said of the Argo CD that is installed: it is as the profile declares it."""

from dataclasses import replace
from typing import Any

from checks.rollout import check_argo_project
from checks.rollout.argo.reading import read_definition
from checks.rollout.argo.seen import (
    DefinitionSeen,
)
from checks.rollout.runtime.reading_objects import read_deployment
from checks.rollout.runtime.seen import DeploymentsSeen, StatefulSetsSeen
from config.lanes.argo import Argo
from tests.checks.rollout.argo.judging import (
    ARGO,
    a_lane,
)
from tests.checks.rollout.argo.written import (
    LISTING,
)
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.runtime.written import deployment


def definition(*, established: str = "True", served: bool = True) -> DefinitionSeen:
    name = "applications.argoproj.io"
    item = {
        "metadata": {"name": name},
        "spec": {"versions": [{"name": "v1alpha1", "served": served}]},
        "status": {"conditions": [{"type": "Established", "status": established}]},
    }
    return DefinitionSeen(listing=LISTING, name=name, items=(read_definition(item),))


def test_argo_has_to_be_installed_as_declared() -> None:
    assert isinstance(a_lane().argo, Argo)
    sets = StatefulSetsSeen(listing=LISTING, items=())

    def of(
        image: str = "quay.io/argoproj/argocd:v2.11.0",
        namespace: str = "argocd",
        defined: tuple[DefinitionSeen, ...] = (definition(),),
        **install: Any,
    ) -> Judged:
        own = a_lane(install=ARGO["install"] | install)
        server = deployment(
            "argocd-server",
            metadata__namespace=namespace,
            spec__template__spec__containers=[{"name": "server", "image": image}],
        )
        seen = DeploymentsSeen(listing=LISTING, items=(read_deployment(server),))
        return judged(
            check_argo_project.check_argo_is_installed_as_declared,
            live_deployments=seen,
            live_stateful_sets=sets,
            argo_definitions=defined,
            argo_install=own.argo.install,  # type: ignore[union-attr]
            argo=own.argo,
            lane=own,
        )

    assert of().words == of(workloads=["argocd-server"]).words == ("upheld", "")
    for said, told in (
        (of("quay.io/argoproj/argocd:v2.10.0"), "not the version v2.11.0"),
        (of(namespace="elsewhere"), "argocd has no workload"),
        (of(workloads=["argocd-server", "argocd-redis"]), "there is no workload argocd-redis"),
        (of(workloads=["argocd-redis"]), "Deployment argocd-server is not declared"),
        (of(defined=(definition(), replace(definition(), items=()))), "there is no CustomResource"),
        (of(defined=(definition(established="False"),)), "is not established"),
        (of(defined=(definition(served=False),)), "is established, none"),
    ):
        assert said.words == ("violated", "argo-install-drift"), told
        assert told in said.judgement.saw
