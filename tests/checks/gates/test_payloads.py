"""What would be sent to GitHub, held to GitHub's own description of its API."""

import json
from typing import Any

import pytest

from checks.gates.payloads import Step, payload
from config.gates import Gate
from fixtures.repositories import Source
from tests.checks.gates.seen import protection, requirements
from tests.fixtures.github.openapi import need_description

SOURCE = Source("r", None, None, "o/r", "https://api.github.com", "main")
RULES = [
    {"type": "deletion"},
    {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": True,
            "required_status_checks": [
                {"context": "build", "integration_id": 15368},
                {"context": "web"},
            ],
        },
    },
]
NONE: dict[str, Any] = {"rules": (), "rulesets": (), "bodies": ()}
SEEN = {
    "a ruleset": requirements("build", "web", bodies=((7, json.dumps(RULES)),)),
    "a protection": requirements(protection=protection("build", "web"), **NONE),
    "nothing": requirements(**NONE),
}


@pytest.mark.parametrize(
    ("step", "seen", "context"),
    [
        ("promote", "a ruleset", "lint"),
        ("promote", "a ruleset", "build"),
        ("promote", "a protection", "lint"),
        ("promote", "nothing", "lint"),
        ("demote", "a ruleset", "build"),
        ("demote", "a protection", "build"),
    ],
)
def test_a_request_and_its_undo_are_as_github_describes_them(
    step: Step, seen: str, context: str
) -> None:
    text = payload(step, Gate(context=context, app=15368), SEEN[seen], SOURCE, ["greens"])
    assert text is not None
    told = json.loads(text)
    requests = [told["request"], *([told["undo"]["request"]] if told["undo"] else [])]

    problems = [
        need_description().problems_of_body(one["method"], one["path"], one["body"])
        for one in requests
    ]

    assert problems == [[] for _ in requests]


def test_a_request_that_is_none_is_told() -> None:
    problems = need_description().problems_of_body("PUT", "/repos/o/r/rulesets/7", {"rules": 7})

    assert problems
