"""Retired names in texts: as words of their own, under the headings that tell of history."""

from typing import Any

import pytest

from checks.rollout.retired import find_retired, named_in, retired_values

NAMES = ("agentrun_dev", "agentrun_prod")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("namespace: agentrun_dev", [("agentrun_dev", False)]),
        ("postgres://u@h/agentrun_prod?x=1", [("agentrun_prod", False)]),
        ("kubectl -n agentrun-dev get pods", [("agentrun-dev", True)]),
        ("`agentrun_dev`/`agentrun_prod`.", [("agentrun_dev", False), ("agentrun_prod", False)]),
        ("agentrun_v01 agentrun_devtools my_agentrun_dev agentrun_dev_2 agentrun-development", []),
        ("the end is agentrun_dev_", [("agentrun_dev", False)]),
    ],
)
def test_a_name_is_a_word_of_its_own(text: str, found: list[Any]) -> None:
    assert list(named_in(text, NAMES)) == found
    assert list(named_in(text, ())) == []


DOCUMENT = """# The lane

Use `agentrun_dev`.

## History

### Until June

There was `agentrun_dev`.

```sh
# agentrun_prod: this is no heading
```

Now
---

agentrun-prod
deprecated: agentrun_prod
"""


def test_hits_know_their_line_and_their_headings() -> None:
    hits = list(find_retired(DOCUMENT, NAMES))

    assert [(one.line, one.name, one.is_variant) for one in hits] == [
        (3, "agentrun_dev", False),
        (9, "agentrun_dev", False),
        (12, "agentrun_prod", False),
        (18, "agentrun-prod", True),
        (19, "agentrun_prod", False),
    ]
    assert [one.headings for one in hits] == [
        ("The lane",),
        ("The lane", "History", "Until June"),
        ("The lane", "History", "Until June"),
        ("The lane", "Now"),
        ("The lane", "Now"),
    ]
    allowed = [one.is_allowed(("history", "Deprecated")) for one in hits]
    assert allowed == [False, True, True, False, True]
    assert not hits[0].is_allowed(())


def test_a_long_line_is_shown_around_the_name() -> None:
    (hit,) = find_retired("x" * 5000 + " agentrun_dev " + "y" * 5000, NAMES)

    assert "agentrun_dev" in hit.text
    assert len(hit.text) < 300


def test_names_are_found_in_keys_and_values_of_objects() -> None:
    manifest = {
        "metadata": {"namespace": "agentrun_dev", "labels": {"agentrun-prod": "x"}},
        "spec": {"destinations": [{"namespace": "a"}, {"namespace": "agentrun_prod"}]},
    }

    assert sorted(retired_values(manifest, NAMES)) == [
        ("metadata.labels.agentrun-prod", "agentrun-prod"),
        ("metadata.namespace", "agentrun_dev"),
        ("spec.destinations[1].namespace", "agentrun_prod"),
    ]
