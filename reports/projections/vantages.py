"""The record's tables of what each vantage is: a line for each fact, from where it was looked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reports.projections.text import code, count, prose

_TEXT = 160
"""Characters of one text that are shown; the journal holds all."""
_LISTED = 12
"""How many interfaces, routes and the like are shown of each vantage."""
_DEFAULTS = ("0.0.0.0/0 ", "::/0 ")
_RESOLVING = ("nameserver", "search", "domain", "options")
_INSIDE = "lab"
"""The kind of a vantage whose far sides are all on this host: no way leads there."""


Heard = tuple[str, float, float]
"""Whose Date was heard, the seconds that it is ahead of this host's clock, and within how many."""


def vantages(lines: Sequence[Mapping[str, Any]], heard: Mapping[str, Heard] | None = None) -> str:
    """Say what each vantage is, in the order of the profile; empty where none is recorded.

    `heard` is what was heard best of others' clocks from each.
    """
    dates = heard or {}
    tables = "\n".join(_table(line, dates.get(str(line.get("vantage")))) for line in lines)
    return f"## Vantages\n\n{tables}" if tables else ""


def _table(line: Mapping[str, Any], heard: Heard | None) -> str:
    name, kind = str(line.get("vantage") or ""), str(line.get("vantage_kind") or "")
    system = _of(line, "system")
    known = {key: _unless_same(_of(line, key), system) for key in ("place", "store", "clock")}
    rows = [
        ("Kind", "lab: its servers are on this host" if kind == _INSIDE else prose(kind, _TEXT)),
        ("Place", _pairs(known["place"])),
        ("System", _system(system)),
        ("Resolver", _resolver(_of(line, "files"), f"({system.get('unknown')})")),
        ("Links", _links(_of(line, "links"))),
        *(() if kind == _INSIDE else _network(line)),
        ("Clock", _clock(known["clock"], heard) if kind != _INSIDE else ""),
        ("Trust store", _store(known["store"])),
        ("Tools", _tools(_of(line, "tools"), system)),
    ]
    told = "".join(f"| {label} | {text} |\n" for label, text in rows if text)
    return f"### {code(name, _TEXT)}\n\n| | |\n|---|---|\n{told}"


def _network(line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Tell how it is connected, and what its environment says."""
    sizes = _of(line, "interfaces")
    routes = line.get("routes")
    every = [str(one) for one in routes] if isinstance(routes, list | tuple) else []
    defaults = [route for route in every if route.startswith(_DEFAULTS)]
    variables = _of(line, "variables")
    proxies = {name: text for name, text in variables.items() if name.lower().endswith("_proxy")}
    others = {name: text for name, text in variables.items() if name not in proxies}
    yield "Interfaces", _some(f"{code(name, _TEXT)} MTU {_said(sizes[name])}" for name in sizes)
    ways = _some(code(one, _TEXT) for one in defaults)
    yield "Default routes", ways or ("none" if every else "")
    yield "Proxies", _variables(proxies) or ("none" if _of(line, "system").get("kernel") else "")
    yield "Variables", _variables(others)


def _of(line: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of a line; empty where another version wrote something else."""
    found = line.get(name)
    return found if isinstance(found, Mapping) else {}


def _unless_same(fields: Mapping[str, Any], system: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out what is not known for the reason that the system is not: it is told once."""
    return {} if fields.get("unknown") and fields["unknown"] == system.get("unknown") else fields


def _said(value: Any) -> str:
    return prose(str(value), _TEXT)


def _some(told: Iterable[str]) -> str:
    """List the first of them, and say how many more there are."""
    every = list(told)
    more = len(every) - _LISTED
    return ", ".join(every[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _pairs(fields: Mapping[str, Any]) -> str:
    """List what is told, each by its name."""
    if unknown := _unknown(fields):
        return unknown
    told = [(name, str(value)) for name, value in fields.items() if value not in (None, "")]
    return _some(
        f"{_said(name.replace('image_id', 'image id'))} {code(v, _TEXT)}" for name, v in told
    )


def _unknown(fields: Mapping[str, Any]) -> str:
    return f"not known: {_said(fields['unknown'])}" if fields.get("unknown") else ""


def _system(fields: Mapping[str, Any]) -> str:
    if unknown := _unknown(fields):
        return unknown
    told = [_said(fields["name"])] if fields.get("name") else []
    told += [f"kernel {code(str(fields['kernel']), _TEXT)}"] if fields.get("kernel") else []
    told += [_said(fields["arch"])] if fields.get("arch") else []
    told += ["WSL"] if fields.get("wsl") == "yes" else []
    told += [f"in a container ({_said(fields['container'])})"] if fields.get("container") else []
    told += [_said(fields[why]) for why in ("untold", "unfinished") if fields.get(why)]
    return ", ".join(told)


def _resolver(files: Mapping[str, Any], told_before: str) -> str:
    """Tell the lines of resolv.conf that count, and in which order sources are asked for hosts."""
    asked = _lines(files.get("/etc/resolv.conf"), _RESOLVING)
    order = _lines(files.get("/etc/nsswitch.conf"), ("hosts:",))
    if "/etc/resolv.conf" in files and not asked:
        if (said := str(files["/etc/resolv.conf"] or "")) == told_before:
            return ""
        asked = [said if said.startswith("(") else "no nameserver in /etc/resolv.conf"]
        return _some([*map(_said, asked), *(code(one, _TEXT) for one in order)])
    return _some(code(one, _TEXT) for one in (*asked, *order))


def _links(fields: Mapping[str, Any]) -> str:
    """Tell which files are another's: what a resolver of the host or WSL writes, for example."""
    told = ((name, str(to)) for name, to in fields.items() if to not in (None, name))
    return _some(f"{code(name, _TEXT)} leads to {code(to, _TEXT)}" for name, to in told)


def _lines(text: Any, words: tuple[str, ...]) -> list[str]:
    lines = [" ".join(line.split()) for line in str(text or "").splitlines()]
    return [line for line in lines if line.startswith(words)]


def _variables(fields: Mapping[str, Any]) -> str:
    return _some(code(f"{name}={value}", _TEXT) for name, value in fields.items())


def _store(fields: Mapping[str, Any]) -> str:
    if unknown := _unknown(fields):
        return unknown
    if not fields.get("path"):
        return ""
    number = fields.get("certificates")
    told = [code(str(fields["path"]), _TEXT), f"sha256 {code(str(fields.get('sha256')), _TEXT)}"]
    return ", ".join([*told, *([count(number, "certificate")] if type(number) is int else [])])


def _clock(fields: Mapping[str, Any], heard: Heard | None) -> str:
    """Compare it with this host's, and by that with the Date that was heard best from there."""
    if unknown := _unknown(fields):
        return unknown
    ahead, within = fields.get("ahead_ms"), fields.get("within_ms")
    if type(ahead) is not int or type(within) is not int:
        return ""
    told = f"{abs(ahead)} ms {_side(ahead)} this host's, within {within} ms"
    if not ahead and not within:
        told = "this host's own"
    if heard is None:
        return told
    host, theirs, about = heard
    off, around = ahead / 1000 - theirs, about + within / 1000
    date = f"the Date of {code(host, _TEXT)}"
    return f"{told}; {abs(off):.1f} s {_side(off)} {date}, within {around:.1f} s"


def _side(ahead: float) -> str:
    return "ahead of" if ahead >= 0 else "behind"


def _tools(fields: Mapping[str, Any], system: Mapping[str, Any]) -> str:
    """Tell their versions, without what each was built with; none is missing where none spoke."""
    there = [_said(str(said).partition("(")[0].strip()) for said in fields.values() if said]
    heard = not (system.get("unknown") or system.get("unfinished"))
    missing = [_said(name) for name, said in fields.items() if heard and not said]
    return _some([*there, *([f"no {' and no '.join(missing)}"] if missing else [])])
