"""What a lane's control plane is rendered from."""

from config.lanes.words import Argv, Namespace
from config.model import Duration, Model
from config.vantages import Name


class ControlPlane(Model):
    """The objects by which a lane is built and rolled out: RBAC, Pipeline, AppProject, mirror."""

    render: Argv
    """The command that writes them as YAML to its output, and changes nothing."""
    namespace: Namespace = "default"
    """Of objects that name none."""
    vantage: Name | None = None
    """Where it is run; the lane's own vantage, if left out."""
    deadline: Duration = 60.0
