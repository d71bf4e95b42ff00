"""The application of a lane among all that were listed."""

from checks.rollout.argo.objects import Application
from checks.rollout.argo.seen import ApplicationsSeen
from config.lanes.argo import Argo
from reports.verdicts import Inconclusive

_HOLDER = "check_application_is_there_in_its_project"


def application_of(applications: ApplicationsSeen, argo: Argo) -> Application:
    """Return a lane's application; raises `Inconclusive` where there is none."""
    found = applications.named(argo.namespace, argo.application)
    if found is None:
        raise Inconclusive(
            f"there is no Application {argo.namespace}/{argo.application}", held_by=(_HOLDER,)
        )
    return found
