"""What is said of a comparison: what is equal, what each side saw, and what is so besides."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from checks.causes.layers import Layer, Sign
from checks.causes.sides import Side, differing
from checks.wire.names import Answer

_SHOWN = 3
"""How much of what a vantage saw of a layer is shown; the log shows all."""


def named(side: Side) -> str:
    """Say what the name is from here, and what is wrong with that."""
    bad = side.bad(side.addresses)
    strangers = [sign.words for sign in bad if sign.layer is Layer.NAMES]
    said = strangers or [_told_at(sign.address, sign) for sign in bad]
    said = said or [f"certificate issued by {issuer}" for issuer in side.issuers]
    return short(list(dict.fromkeys([side.named, *said])))


def resolved(sides: Sequence[Side], side: Side) -> str:
    """Say how the name was resolved, as far as others do otherwise, and to what."""
    same = set.intersection(*(set(one.resolver or ()) for one in sides))
    own = [words for words in side.resolver or () if words not in same]
    return f"{', '.join(own) or 'nothing more'}; {named(side)}"


def replied(side: Side) -> str:
    """Say how nameservers replied, where the system's own resolver says the same."""
    told = [
        f"nameservers, {question} over {transport.upper()}: {' / '.join(sorted(words))}"
        for (transport, question), words in side.replies.items()
    ]
    return "; ".join(told)


def same_resolver(sides: Sequence[Side]) -> tuple[str, ...]:
    """Say that names are resolved in the same way, where that is so and known of all."""
    known = {side.resolver for side in sides}
    return (str(Layer.RESOLVER),) if len(known) == 1 and None not in known else ()


def instead(sides: Sequence[Side], layer: Layer) -> str:
    """Say of a first layer before which nothing is equal what was compared before it."""
    if layer is Layer.RESOLVER:
        return "nothing is compared before it"
    if unknown := [side.vantage for side in sides if side.resolver is None]:
        return f"{Layer.RESOLVER} is not known of {short(unknown, ', ')}"
    return f"{Layer.RESOLVER} is different"


def equal_names(sides: Sequence[Side]) -> tuple[str, ...]:
    """Say what is equal of the names, and of how they are resolved where that is."""
    same = same_resolver(sides)
    answers = list(dict.fromkeys(side.named for side in sides if side.answer is not None))
    if not answers:
        return same
    what = answers[0]
    if len(answers) > 1:
        common = frozenset.intersection(*(side.addresses for side in sides))
        shared = [one for one in _addresses(sides[0]) if one in common]
        sources = " / ".join(dict.fromkeys(side.source for side in sides if side.source))
        others_ = "other addresses, which are the name's own"
        what = f"{short(shared, ', ')}, {sources}" if shared else others_
    return (*same, f"{Layer.NAMES} ({what})")


def _addresses(side: Side) -> tuple[str, ...]:
    return side.answer.addresses if isinstance(side.answer, Answer) else ()


def equal_at(sides: Sequence[Side], layer: Layer) -> tuple[str, ...]:
    """Say that a layer is equal, where all have looked at the same, and how it is if not well."""
    subjects = [side.signs.get(layer, {}) for side in sides]
    common = [one for one in subjects[0] if all(one in own for own in subjects)]
    if not common:
        return ()
    if bad := [sign.words for one in common for sign in subjects[0][one] if not sign.good]:
        return (f"{layer} ({short(list(dict.fromkeys(bad)))})",)
    if layer is not Layer.ROUTE:
        return (str(layer),)
    mtus = {side.mtu(address) for side in sides for address in common}
    return (f"{layer} ({mtus.pop()})",) if len(mtus) == 1 and None not in mtus else ()


def saw_at(sides: Sequence[Side], layer: Layer) -> tuple[dict[str, str], tuple[str, ...]]:
    """Say what each side saw of a layer where they differ, and by which sightings."""
    pairs = combinations(sides, 2)
    subjects = dict.fromkeys(one for pair in pairs for one in differing(*pair, layer))
    told: dict[str, str] = {}
    ids: dict[str, None] = {}
    places = {_place(sign, one) for one in subjects for sign in _signs(sides, layer, one)}
    for side in sides:
        words: dict[tuple[str, object], Sign] = {}
        for one in subjects:
            for sign in _signs([side], layer, one):
                key = (_place(sign, one), sign.key)
                # What went on to a higher layer tells less of this one than who looked at it.
                known = words.get(key)
                words[key] = max(known, sign, key=lambda told: len(told.words)) if known else sign
                ids |= {sign.sighting: None}
        lines = dict.fromkeys(
            _told_at(place, sign) if len(places) > 1 else sign.words
            for (place, _), sign in words.items()
        )
        if lines:
            told[side.vantage] = short(list(lines))
    return told, tuple(one for one in ids if one)


def _signs(sides: Sequence[Side], layer: Layer, subject: str) -> list[Sign]:
    return [sign for side in sides for sign in side.signs.get(layer, {}).get(subject, ())]


def _place(sign: Sign, subject: str) -> str:
    """Return where it was seen: an address, or what was asked for there."""
    if not sign.address:
        return ""
    return sign.address if sign.layer in {Layer.ROUTE, Layer.TCP, Layer.TLS} else subject


def _told_at(place: str, sign: Sign) -> str:
    """Say where something was seen, unless its words do: those of a way name the address."""
    return sign.words if not place or sign.layer is Layer.ROUTE else f"{place}: {sign.words}"


def sizes(sides: Sequence[Side]) -> tuple[str, ...]:
    """Say how large packets may be on the way there, where that is not the same."""
    common = frozenset.intersection(*(side.addresses for side in sides))
    at = next((one for one in _addresses(sides[0]) if one in common), None)
    if at is None:
        return ()
    mtus = [side.mtu(at) for side in sides]
    segments = [side.segments.get(at) for side in sides]
    return tuple(
        words.format(" / ".join(str(size or "?") for size in every))
        for words, every in (("MTU {}", mtus), ("segments of {} bytes", segments))
        if len({*every} - {None}) > 1
    )


def others(sides: Sequence[Side]) -> tuple[str, ...]:
    """Say which addresses were given to some alone, and to which there is no way."""
    every = [side.addresses for side in sides if isinstance(side.answer, Answer)]
    common = frozenset.intersection(*every) if every else frozenset()
    told = []
    for side in sides:
        if only := [one for one in _addresses(side) if one not in common]:
            told.append(f"{side.vantage} was given {short(only, ', ')}{' too' if common else ''}")
        told += [
            f"{side.vantage} has no way to {address} ({why})"
            for address, why in list(side.without_way.items())[:_SHOWN]
        ]
    return tuple(told)


def unseen(sides: Sequence[Side]) -> Iterator[str]:
    """Say which layers a side could not look at, and why."""
    for side in sides:
        reasons: dict[str, list[str]] = {}
        for layer, reason in side.unseen.items():
            reasons.setdefault(reason, []).append(str(layer))
        for reason, layers in reasons.items():
            what = f"did not look at {', '.join(layers)}" if side.looked else "could not look"
            yield f"{side.vantage} {what}: {reason}"


def short(words: Sequence[str], between: str = "; ") -> str:
    """Join the first few words, and say how many more there are."""
    more = len(words) - _SHOWN
    return between.join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
