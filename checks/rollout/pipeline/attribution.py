"""Why a build failed: what it fetched, the proxy it fetched through, or the code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.rollout.failures import Failure
from checks.rollout.pipeline.objects import TaskRun

_PROXY = re.compile(
    r"(?i)proxyconnect|proxy connect|connect tunnel failed|tunneling socket|from proxy|"
    r"\b407\b(?=\W{0,3}(?:proxy|\Z))|(?:status|response|code|http/\S+)\W{1,3}407\b|"
    r"proxy authentication|could not resolve proxy"
)
_UNREACHED = re.compile(r"(?i)refused|reset|timed? ?out|unreachable|no route")
_TRANSIENT = re.compile(
    r"(?i)\b50[234]\b|bad gateway|service unavailable|gateway time-?out|econnreset|etimedout|"
    r"connection reset|connection timed out|i/o timeout|tls handshake timeout|read timeout|"
    r"timeout awaiting|unexpected eof|temporary failure in name resolution|eai_again|"
    r"context deadline exceeded|operation timed out|socket hang up|\b429\b|"
    r"imagepullbackoff|errimagepull|failed to pull image"
)
_TRANSIENT_LOGGED = re.compile(
    r"(?i)\b(?:http(?:/[\d.]+)?|status(?: code)?|code|response|server|error|failed)"
    r"\W{0,4}(?:is |with |of |code )?50[234]\b(?![:,.]\d)|"
    r"\b50[234]\W{1,3}(?:bad gateway|service|server|gateway)|bad gateway|service unavailable|"
    r"gateway time-?out|econnreset|etimedout|econnrefused|connection (?:was )?reset|"
    r"connection timed out|connection refused|i/o timeout|tls handshake timeout|read timed? ?out|"
    r"timeout awaiting|unexpected eof|temporary failure in name resolution|eai_again|"
    r"context deadline exceeded|operation timed out|socket hang up|too many requests|"
    r"early eof|rpc failed|network (?:timeout|is unreachable)|could not resolve host"
)
"""The same in a log, of which most lines tell of something else: numbers alone say nothing."""
_OF_THE_CODE = re.compile(
    r"(?i)\berror(?:\[\w+\])?:? ts\d+|\berror\[e\d+\]|syntaxerror|typeerror|referenceerror|"
    r"cannot find (?:module|name|package)|module not found|undefined reference|"
    r"\b[1-9]\d* (?:tests? )?fail(?:ed|ures?)?\b|assertionerror|lockfile (?:had changes|is frozen)|"
    r"dockerfile:\d+|dockerfile parse error|no such file or directory|\bpanic: "
)
"""What only the code, or what it is built of, makes a tool say."""
_LOGGED = 60
"""Lines of a log's end that are judged."""
_SHOWN = 12
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


def attribute(task: TaskRun, proxy: str | None, logged: Sequence[str] = ()) -> Attribution:
    """Tell why a TaskRun failed, of its condition, of what its steps left, and of their log.

    The proxy comes first: a fetch that it refuses also looks as one that was reset. What was
    tried again and overcome counts for nothing: in a log, what comes after the last words of
    the code's own is judged. `proxy` is the address through which builds fetch, `logged` are
    the last lines of the log, as far as it could be read.
    """
    lines = tuple(dict.fromkeys(_said(task)))
    later = _after_the_code(logged[-_LOGGED:])
    of_proxy = [line for line in (*lines, *later) if _tells_of(proxy, line)]
    if of_proxy:
        return Attribution(Failure.EGRESS_PROXY_DOWN, _shown(of_proxy))
    fetches = [line for line in lines if _TRANSIENT.search(line)]
    fetches += [line for line in later if _TRANSIENT_LOGGED.search(line)]
    if fetches:
        return Attribution(Failure.EXTERNAL_FETCH_TRANSIENT, _shown(fetches))
    told = [line for line in (*lines, *logged[-_SHOWN:]) if not _NO_WORDS.fullmatch(line)]
    return Attribution(Failure.BUILD_ERROR, _shown(told)) if told else Attribution(None, lines)


def _after_the_code(logged: Sequence[str]) -> Sequence[str]:
    """Return the lines after the last one that only the code makes a tool say."""
    ends = (at for at in range(len(logged), 0, -1) if _OF_THE_CODE.search(logged[at - 1]))
    return logged[next(ends, 0) :]


def _shown(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))[-_SHOWN:]


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
