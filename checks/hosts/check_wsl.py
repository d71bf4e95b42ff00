"""Whether WSL leaves the hosts file alone."""

from checks.hosts.settings import NotWsl, Setting, WslConfMissing, WslConfSeen
from config.hosts import Block
from reports.verdicts import NotApplicable, expected

_FALSE = frozenset({"false", "0"})


def check_wsl_does_not_generate_the_file(
    wsl_conf: WslConfSeen | WslConfMissing | NotWsl,
    block: Block,
) -> None:
    if isinstance(wsl_conf, NotWsl):
        raise NotApplicable(wsl_conf.headline)
    off = isinstance(wsl_conf, WslConfSeen) and _is_off(wsl_conf)
    saw = wsl_conf.headline if isinstance(wsl_conf, WslConfMissing) else _found(wsl_conf)
    kept = f"generateHosts = false in the section [network], to keep the block '# {block.marker}'"
    assert off, expected(kept, saw=saw)


def _is_off(wsl_conf: WslConfSeen) -> bool:
    """Tell whether the first such setting says false: WSL passes over the ones after it."""
    first = next((one for one in wsl_conf.read.settings if _counts(one)), None)
    return first is not None and first.value.lower() in _FALSE


def _found(wsl_conf: WslConfSeen) -> list[str]:
    read = wsl_conf.read
    counted = False
    saw = []
    for one in read.settings:
        if one.key == "generatehosts":
            why = "" if _counts(one) else ", where WSL passes over it"
            why = ", which WSL passes over: the first one counts" if why == "" and counted else why
            counted = counted or _counts(one)
            saw.append(_say(wsl_conf, one) + why)
    if read.malformed is not None:
        saw.append(f"{wsl_conf.path}:{read.malformed}: malformed, and WSL reads no further")
        late = [one for one in read.unread if one.key == "generatehosts"]
        saw += [f"{_say(wsl_conf, one)}, which WSL does not reach" for one in late]
    return saw or [f"no generateHosts in {wsl_conf.path}"]


def _say(wsl_conf: WslConfSeen, one: Setting) -> str:
    return f"{wsl_conf.path}:{one.number}: generateHosts = {one.value} in [{one.section}]"


def _counts(one: Setting) -> bool:
    return (one.section, one.key) == ("network", "generatehosts")
