"""Why a build failed: what it fetched, the proxy it fetched through, or the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.rollout.failures import Failure
from checks.rollout.pipeline.objects import TaskRun

_PROXY = re.compile(
    r"(?i)proxyconnect|proxy connect|connect tunnel failed|tunneling socket|from proxy|"
    r"\b407\b|proxy authentication|could not resolve proxy"
)
_UNREACHED = re.compile(r"(?i)refused|reset|timed? ?out|unreachable|no route")
_TRANSIENT = re.compile(
    r"(?i)\b50[234]\b|bad gateway|service unavailable|gateway time-?out|econnreset|etimedout|"
    r"connection reset|connection timed out|i/o timeout|tls handshake timeout|read timeout|"
    r"timeout awaiting|unexpected eof|temporary failure in name resolution|eai_again|"
    r"context deadline exceeded|operation timed out|socket hang up|\b429\b|"
    r"imagepullbackoff|errimagepull|failed to pull image"
)
_NO_WORDS = re.compile(
    r'(?i)^(?:"?[\w-]+"? exited with code -?\d+.*|.*for logs run: .*|all steps have completed.*|'
    r"tasks completed:.*|taskrun .* was cancelled.*|error|)$"
)
"""What tells that something failed, and nothing of why."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The class of a failed build; None where nothing that it left tells it. `lines` show it."""

    failure: Failure | None
    lines: tuple[str, ...]


def attribute(task: TaskRun, proxy: str | None) -> Attribution:
    """Tell why a TaskRun failed, of its condition and of what its steps left as they ended.

    The proxy comes first: a fetch that it refuses also looks as one that was reset. Logs are
    not read. `proxy` is the address through which builds fetch.
    """
    lines = tuple(dict.fromkeys(_said(task)))
    of_proxy = tuple(line for line in lines if _tells_of(proxy, line))
    if of_proxy:
        return Attribution(Failure.EGRESS_PROXY_DOWN, of_proxy)
    fetches = tuple(line for line in lines if _TRANSIENT.search(line))
    if fetches:
        return Attribution(Failure.EXTERNAL_FETCH_TRANSIENT, fetches)
    told = tuple(line for line in lines if not _NO_WORDS.fullmatch(line))
    return Attribution(Failure.BUILD_ERROR, told) if told else Attribution(None, lines)


def _tells_of(proxy: str | None, line: str) -> bool:
    named = proxy is not None and proxy in line
    return _PROXY.search(line) is not None or (named and _UNREACHED.search(line) is not None)


def _said(task: TaskRun) -> Iterator[str]:
    if task.condition:
        yield from _lines(task.condition.message)
        if "ImagePull" in task.condition.reason:
            yield task.condition.reason
    for step in task.steps:
        if step.code not in (None, 0) or step.waits:
            yield from _lines(step.message)
            if step.waits:
                yield f"{step.name} waits: {step.waits}"


def _lines(text: str) -> Iterator[str]:
    """Walk a message's lines; what Tekton's entrypoint leaves there for itself is none."""
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith('[{"key":'):
            yield stripped
