"""What is said of a lane's AppProject, and of who else may go where it goes."""

from dataclasses import replace
from typing import Any

import pytest

from checks.rollout import check_argo_project
from tests.checks.rollout.argo.judging import (
    a_lane,
    told_of,
)
from tests.checks.rollout.argo.written import (
    LISTING,
    application,
    applications,
    project,
    projects,
)
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.runtime.written import Json


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "upheld"),
        ({"spec__destinations__0__namespace": "*"}, "violated"),
        ({"spec__destinations__0__namespace": "agentrun-dev"}, "violated"),
        ({"metadata__name": "another"}, "violated"),
    ],
)
def test_a_project_may_reach_the_one_namespace(changes: dict[str, Any], verdict: str) -> None:
    own = a_lane()
    said = judged(
        check_argo_project.check_project_permits_the_lanes_namespace_alone,
        argo_projects=projects(project(**changes)),
        argo=own.argo,
        lane=own,
    )

    assert said.words == (verdict, "appproject-too-wide" if verdict == "violated" else "")


def test_a_project_has_to_permit_where_its_application_goes() -> None:
    check = check_argo_project.check_project_permits_the_applications_destination
    denied = project(spec__destinations=[{"server": "*", "namespace": "!agentrun-v01"}])

    assert told_of(check, argo_projects=projects()).words == ("upheld", "")
    assert told_of(check, argo_projects=projects(denied)).words == (
        "violated",
        "destination-violation",
    )
    gone = told_of(check, argo_projects=projects(project(metadata__name="another")))
    assert gone.words == ("inconclusive", "")


def test_no_other_application_may_go_to_the_namespace() -> None:
    check = check_argo_project.check_no_other_application_goes_to_the_namespace
    same = application("intruder")
    elsewhere = application("neighbour", spec__destination__server="https://elsewhere")

    assert told_of(check, application(), elsewhere).words == ("upheld", "")
    assert told_of(check, application(), same).words == ("violated", "namespace-shared")
    by_name = {"spec__destination": {"name": "in-cluster", "namespace": "agentrun-v01"}}
    assert told_of(check, application(), application("x", **by_name)).words[0] == "violated"
    by_name["spec__destination"]["name"] = "d601"
    said = told_of(check, application(), application("x", **by_name))
    assert said.words == ("inconclusive", "")
    assert "its name does not tell" in said.judgement.reason


def test_where_not_every_application_may_be_listed_others_may_go_there() -> None:
    own = a_lane()
    listing = replace(LISTING, namespaces=("argocd",))
    check = check_argo_project.check_no_other_application_goes_to_the_namespace

    def of(*items: Json) -> Judged:
        seen = replace(applications(*items), listing=listing)
        return judged(check, applications=seen, argo_alone=own.argo, lane=own)

    alone = of(application())
    assert alone.words == ("inconclusive", "")
    assert "in argocd alone" in alone.judgement.reason
    assert of(application(), application("intruder")).words == ("violated", "namespace-shared")


@pytest.mark.parametrize(
    ("destination", "permitted", "words"),
    [
        ({"name": "in-cluster"}, {"server": "https://kubernetes.default.svc"}, ("upheld", "")),
        ({"server": "https://kubernetes.default.svc"}, {"name": "in-cluster"}, ("upheld", "")),
        ({"name": "d601"}, {"server": "https://10.0.0.1"}, ("inconclusive", "")),
        ({"name": "d601"}, {"name": "g14"}, ("violated", "destination-violation")),
        ({"server": "https://kubernetes.default.svc"}, {"name": "d601"},
         ("violated", "destination-violation")),
    ],
)  # fmt: skip
def test_a_cluster_may_be_permitted_by_its_name_or_by_its_url(
    destination: dict[str, str], permitted: dict[str, str], words: tuple[str, str]
) -> None:
    here = {"namespace": "agentrun-v01"}
    said = told_of(
        check_argo_project.check_project_permits_the_applications_destination,
        application(spec__destination=destination | here),
        argo_projects=projects(project(spec__destinations=[permitted | here])),
    )

    assert said.words == words, said.judgement
