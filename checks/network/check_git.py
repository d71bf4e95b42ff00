"""The repository can be reached by git over https."""

from checks.wire.git import Advertisement, AdvertisementRefusal, RefsListed, RefsRefusal
from checks.wire.http import HttpRefusal
from fixtures.subjects import holds
from reports.verdicts import expected


@holds(AdvertisementRefusal)
def check_git_advertises_refs(
    advertised: tuple[Advertisement | AdvertisementRefusal | HttpRefusal, ...],
) -> None:
    other = [one.headline for one in advertised if not isinstance(one, Advertisement)]
    assert not other, expected("an advertisement of refs from every address", other)


@holds(RefsRefusal)
def check_git_lists_refs(
    refs: RefsListed | RefsRefusal, advertised: tuple[Advertisement, ...]
) -> None:
    reached = f"our own client read {advertised[0].refs} refs at {advertised[0].address}"
    assert isinstance(refs, RefsListed), expected("git to list the refs", [refs.headline, reached])
    assert refs.refs, expected("at least one ref", refs.headline)
