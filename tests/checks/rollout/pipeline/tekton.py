"""Tekton's objects as Tekton writes them: JSON, of which a test changes what it is about."""

from typing import Any

from checks.rollout.pipeline.picking import name_of_run

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"
NAMESPACE = "agentrun-ci"
PATTERN = "agentrun-v01-ci-{short12}"
NAME = name_of_run(PATTERN, COMMIT)
READ_URL = "http://git-mirror-http.devops-infra.svc.cluster.local/o/agentrun.git"
WHEN = "When Expressions evaluated to false"
NO_PROXY = "127.0.0.1,hyueapi.com,.hyueapi.com,10.43.0.0/16,.svc,.cluster.local"
HOST = {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
DONE = {"plan": 30, "image-publish": 45}
TASKS = ("prepare-source", "check", "plan", "image-publish", "gitops-promote")
_WORDS = {
    "prepare-source": 'git fetch --depth=1 "$URL" "$COMMIT" && git checkout "$COMMIT"',
    "check": "bun install --frozen-lockfile && bun run check",
    "plan": f"git clone --depth=1 {READ_URL} catalog && bun plan.ts --no-write",
    "image-publish": "buildctl build --output type=image,name=127.0.0.1:5000/agentrun/mgr-env",
    "gitops-promote": "bun promote.ts",
}


def at(second: int) -> str:
    """Return a time: so many seconds after the run was made."""
    return f"2026-11-21T12:{second // 60:02d}:{second % 60:02d}Z"


def condition(status: str, reason: str, message: str = "", second: int = 90) -> dict[str, Any]:
    told = {"type": "Succeeded", "status": status, "reason": reason, "message": message}
    return told | {"lastTransitionTime": at(second)}


def params(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def results(**values: Any) -> list[dict[str, Any]]:
    kinds = {"str": "string", "list": "array", "dict": "object"}
    return [
        {"name": name, "type": kinds[type(one).__name__], "value": one}
        for name, one in values.items()
    ]


def pipeline_run(name: str = NAME, commit: str = COMMIT, **changes: Any) -> dict[str, Any]:
    """Write a PipelineRun that succeeded; `spec`, `status`, `metadata` change their fields."""
    uid = changes.pop("uid", f"uid-of-{name}")
    metadata = {
        "name": name,
        "namespace": NAMESPACE,
        "uid": uid,
        "creationTimestamp": at(changes.pop("second", 0)),
        "labels": {"tekton.dev/pipeline": "agentrun-v01-ci-image-publish"},
    }
    spec = {
        "pipelineRef": {"name": "agentrun-v01-ci-image-publish"},
        "params": params(commit=commit, git_read_url=READ_URL),
        "taskRunTemplate": {
            "serviceAccountName": "agentrun-v01-tekton-runner",
            "podTemplate": HOST,
        },
        "timeouts": {"pipeline": "1h0m0s"},
    }
    children = [
        {
            "apiVersion": "tekton.dev/v1",
            "kind": "TaskRun",
            "name": f"{name}-{one}",
            "pipelineTaskName": one,
        }
        for one in TASKS
    ]
    status = {
        "startTime": at(1),
        "completionTime": at(90),
        "conditions": [
            condition("True", "Completed", "Tasks Completed: 5 (Failed: 0), Skipped: 1")
        ],
        "childReferences": children,
        "skippedTasks": [{"name": "build-agentrun", "reason": WHEN}],
        "pipelineSpec": pipeline_spec(),
    }
    return {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": metadata | changes.get("metadata", {}),
        "spec": spec | changes.get("spec", {}),
        "status": status | changes.get("status", {}),
    }


def pipeline_spec(*more: dict[str, Any]) -> dict[str, Any]:
    tasks = [{"name": one, "taskRef": {"kind": "Task", "name": one}} for one in TASKS]
    when = [{"input": "reused", "operator": "in", "values": ["built"]}]
    build = {"name": "build-agentrun", "taskRef": {"name": "build"}, "when": when}
    return {"params": [{"name": "commit", "type": "string"}], "tasks": [*tasks, build, *more]}


def going_on(reason: str = "Running", message: str = "", **changes: Any) -> dict[str, Any]:
    """Write a PipelineRun that is not over."""
    made = pipeline_run(**changes)
    del made["status"]["completionTime"]
    made["status"]["conditions"] = [condition("Unknown", reason, message)]
    return made


def failed(reason: str = "Failed", message: str = "Tasks Completed: 4 (Failed: 1)") -> Any:
    """Write a PipelineRun that ended badly."""
    return pipeline_run(status={"conditions": [condition("False", reason, message)]})


def task_run(task: str, begin: int = 10, end: int = 20, **changes: Any) -> dict[str, Any]:
    """Write the TaskRun of one of the run's tasks, which succeeded."""
    run = changes.pop("run", NAME)
    name = changes.pop("name", f"{run}-{task}")
    metadata = {
        "name": name,
        "namespace": NAMESPACE,
        "uid": f"uid-of-{name}",
        "creationTimestamp": at(begin),
        "labels": {"tekton.dev/pipelineRun": run, "tekton.dev/pipelineTask": task},
        "ownerReferences": [
            {"kind": "PipelineRun", "name": run, "uid": f"uid-of-{run}", "controller": True}
        ],
    }
    spec = {"taskRef": {"kind": "Task", "name": task}, "podTemplate": HOST}
    status = {
        "podName": f"{name}-pod",
        "startTime": at(begin),
        "completionTime": at(end),
        "conditions": [condition("True", "Succeeded", "All Steps have completed executing", end)],
        "results": [],
        "steps": [{"name": task, "terminated": {"exitCode": 0, "reason": "Completed"}}],
        "taskSpec": task_spec(task),
    }
    return {
        "apiVersion": "tekton.dev/v1",
        "kind": "TaskRun",
        "metadata": metadata | changes.get("metadata", {}),
        "spec": spec | changes.get("spec", {}),
        "status": status | changes.get("status", {}),
    }


def task_spec(task: str, words: str | None = None, **changes: Any) -> dict[str, Any]:
    proxied = {"HTTPS_PROXY": "http://127.0.0.1:10808", "NO_PROXY": NO_PROXY}
    step = {
        "name": task,
        "image": "127.0.0.1:5000/agentrun/ci-node-tools:1",
        "env": [{"name": name, "value": value} for name, value in proxied.items()],
        "script": f"#!/bin/sh\n# no playwright here\n{words or _WORDS.get(task, 'true')}\n",
    }
    return {"steps": [step | changes]}


def failed_task(task: str, message: str = "", code: int = 1, **changes: Any) -> dict[str, Any]:
    """Write a TaskRun whose step left a message as it failed."""
    ended = {"exitCode": code, "reason": "Error", "message": message}
    words = (
        f'"step-publish" exited with code {code} (image: "docker.io/x"); for logs run:'
        f" kubectl -n {NAMESPACE} logs x-pod -c step-publish"
    )
    status = {
        "conditions": [condition("False", "Failed", words)],
        "steps": [{"name": "publish", "terminated": ended}],
    }
    return task_run(task, status=status | changes)


def task_runs(**by_task: dict[str, Any]) -> list[dict[str, Any]]:
    """Write the TaskRuns of the run; some are given, by their tasks with `_` for `-`."""
    given = {name.replace("_", "-"): one for name, one in by_task.items()}
    ordinary = {
        "prepare-source": task_run(
            "prepare-source",
            2,
            8,
            spec={"params": params(commit=COMMIT, url=READ_URL)},
            status={"results": results(commit=f"{COMMIT}\n")},
        ),
        "check": task_run("check", 8, 30),
        "plan": task_run(
            "plan",
            30,
            42,
            status={
                "results": results(
                    **{
                        "planArtifacts.summary": "build=0 reuse=1 unsafeReuse=0",
                        "affectedServices": ["mgr"],
                        "buildServices": [],
                        "reusedServices": ["mgr"],
                    }
                )
            },
        ),
        "image-publish": task_run(
            "image-publish", 42, 60, status={"results": results(status="reused")}
        ),
        "gitops-promote": task_run("gitops-promote", 60, 88),
    }
    return list((ordinary | given).values())


def without(objects: list[dict[str, Any]], task: str) -> list[dict[str, Any]]:
    """Leave out the TaskRun of one task."""
    return [one for one in objects if one["metadata"]["labels"]["tekton.dev/pipelineTask"] != task]
