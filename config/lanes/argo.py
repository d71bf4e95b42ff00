"""What is expected of a lane's Argo CD application."""

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Absent, Duration, Model, OrAbsent


class Install(Model):
    """What Argo CD itself is installed as."""

    version: Text
    images: tuple[Text, ...] = ()
    workloads: tuple[ObjectName, ...] = ()
    """Deployments and StatefulSets that have to be there, and alone; none: not compared."""
    definitions: tuple[ObjectName, ...] = (
        "applications.argoproj.io",
        "applicationsets.argoproj.io",
        "appprojects.argoproj.io",
    )
    """Its CustomResourceDefinitions, which have to be there and established."""


class Argo(Model):
    """The Application, and the AppProject that bounds it."""

    namespace: Namespace = "argocd"
    application: ObjectName
    project: ObjectName
    repo_url: Text | None = None
    """Where the application reads from; without one, it is not compared."""
    destination: Namespace
    server: Text = "https://kubernetes.default.svc"
    """The cluster of its destination, by URL; `name:` and a name where it is named."""
    stuck_after: Duration = 600.0
    """For how long an operation may run."""
    polls: Duration = 180.0
    """Within what time it sees a new commit by itself: 120 s and up to 60 s of jitter."""
    settle: Duration = 5.0
    """After how long an application that was synced lately is looked at again."""
    managers: tuple[Text, ...] = ("argocd-controller", "argocd-application-controller")
    """Field managers that may own a workload's spec."""
    controllers: tuple[Text, ...] = ("kube-controller-manager", "kubelet", "k3s")
    """Field managers of the cluster itself."""
    exclusive: bool = True
    """Whether the destination is this application's alone."""
    install: OrAbsent[Install] = Absent(absent="the lane does not say what Argo CD is installed as")
