"""The checks of repositories, crossed with every way in which a repository is found."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.program import ROOT, Ended, run_checks

AREAS = "labels or workflows or gates or hardcoded"
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "both": {},
    "at-ref": {"ref": "main"},
    "api": {"path": None},
    "api-at-ref": {"path": None, "ref": "main"},
    "path": {"github": None},
}


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("crossed")
    told = yaml.safe_load((ROOT / "config/profiles/lab.yaml").read_text())
    (shop,) = told["repositories"]
    absent = {"absent": "repositories alone are looked at here"}
    told |= {"endpoints": absent, "hosts": absent}
    told["repositories"] = [
        {key: value for key, value in (shop | found | {"name": name}).items() if value is not None}
        for name, found in SOURCES.items()
    ]
    profile = folder / "crossed.yaml"
    profile.write_text(yaml.safe_dump(told, sort_keys=False))
    return run_checks(folder, f"--profile={profile}", "-m", AREAS)


def by_source(ended: Ended) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Return the verdicts of each check and each part of a repository, by source."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for line in ended.journal("verdict"):
        check, _, target = line["check"].partition("::")[2].partition("[")
        target = target.partition("@")[0]
        name = next(one for one in sorted(SOURCES, key=len)[::-1] if target.startswith(one))
        found[check, target.removeprefix(name)][name] = line
    return dict(found)


def test_each_check_judges_each_source(crossed: Ended) -> None:
    judged = by_source(crossed)

    assert crossed.status == 6, crossed.out
    assert len(judged) > 70
    assert {frozenset(lines) for lines in judged.values()} == {frozenset(SOURCES)}


def test_what_has_an_api_is_upheld_however_its_files_are_read(crossed: Ended) -> None:
    told = {
        (source, line["verdict"])
        for lines in by_source(crossed).values()
        for source, line in lines.items()
        if source != "path"
    }

    sources = [source for source in SOURCES if source != "path"]
    assert {source for source, verdict in told if verdict == "upheld"} == set(sources)
    assert {verdict for _, verdict in told} <= {"upheld", "not-applicable"}


def test_what_a_path_lacks_is_inconclusive_and_says_so(crossed: Ended) -> None:
    lines = [of["path"] for of in by_source(crossed).values()]
    lacking = [line for line in lines if line["verdict"] not in {"upheld", "not-applicable"}]

    assert {line["verdict"] for line in lacking} == {"inconclusive"}
    assert {line["reason"] for line in lacking} == {
        "path is a path: what GitHub knows of it cannot be asked"
    }
    assert all("add `github:`" in line["mend"] for line in lacking)
    assert 20 < len(lacking) < len(lines) / 2
