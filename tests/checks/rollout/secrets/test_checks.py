"""What the checks of Secrets uphold, refuse, and leave open."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_secret_values, check_secrets
from checks.rollout.secrets.private import compare_config
from checks.rollout.secrets.seen import (
    ConfigCompared,
    SecretSeen,
    SyncSeen,
)
from config.lanes.secrets import NamedSecret
from fixtures.github.tokens import hold_tokens
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.made import NOW
from tests.checks.rollout.calling import judged
from tests.checks.rollout.given_lanes import lane
from tests.checks.rollout.secrets.made import listing

KEYS = ("auth.json", "config.toml")


NAMED = NamedSecret(name="codex", keys=KEYS)


SECOND = timedelta(seconds=1)


def seen(**fields: Any) -> SecretSeen:
    told: dict[str, Any] = {"there": True, "keys": KEYS, "created": NOW, "deleting": False}
    return SecretSeen(namespace="a", name="codex", listing=listing(), **(told | fields))


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "upheld"),
        ({"there": False, "keys": None}, "violated"),
        ({"keys": ("auth.json",)}, "violated"),
        ({"deleting": True}, "violated"),
        ({"keys": None}, "inconclusive"),
    ],
)
def test_a_named_secret_is_there_with_its_keys(fields: dict[str, Any], verdict: str) -> None:
    present = judged(
        check_secrets.check_named_secret_is_there,
        lane=lane(),
        secret_present=NAMED,
        secret_seen=seen(**fields),
    )
    provider = judged(
        check_secrets.check_provider_secret_is_there,
        lane=lane(),
        secret_provider=NAMED,
        secret_seen=seen(**fields),
    )

    violated = verdict == "violated"
    assert present.words == (verdict, "secret-missing" if violated else "")
    assert provider.words == (verdict, "secretref-missing" if violated else "")


def test_without_keys_that_are_asked_for_it_only_has_to_be_there() -> None:
    told = judged(
        check_secrets.check_named_secret_is_there,
        lane=lane(),
        secret_present=NamedSecret(name="codex"),
        secret_seen=seen(keys=None),
    )

    assert told.words == ("upheld", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"there": False}, ("upheld", "")),
        ({}, ("violated", "obsolete-secret")),
        ({"deleting": True}, ("inconclusive", "")),
    ],
)
def test_an_obsolete_secret_is_gone(fields: dict[str, Any], words: tuple[str, str]) -> None:
    told = judged(
        check_secrets.check_obsolete_secret_is_gone,
        lane=lane(),
        secret_obsolete=NAMED,
        secret_seen=seen(**fields),
    )

    assert told.words == words


def sync(started: datetime | None, *, there: bool = True) -> SyncSeen:
    return SyncSeen(application="argocd/lane", there=there, started=started, listing=listing())


@pytest.mark.parametrize(
    ("fields", "of", "words"),
    [
        ({}, sync(NOW + SECOND), ("upheld", "")),
        ({}, sync(NOW), ("upheld", "")),
        ({}, sync(None), ("upheld", "")),
        ({}, sync(NOW - SECOND), ("violated", "bootstrap-secret-missing")),
        ({"there": False}, sync(NOW), ("violated", "bootstrap-secret-missing")),
        ({"deleting": True}, sync(NOW), ("violated", "bootstrap-secret-missing")),
        ({}, sync(None, there=False), ("inconclusive", "")),
        ({"created": None}, sync(NOW), ("inconclusive", "")),
    ],
)
def test_a_bootstrap_secret_was_there_before_the_sync(
    fields: dict[str, Any], of: SyncSeen, words: tuple[str, str]
) -> None:
    told = judged(
        check_secrets.check_bootstrap_secret_was_there_before_the_sync,
        lane=lane(),
        secret_before_sync=NAMED,
        secret_seen=seen(**fields),
        sync_seen=of,
    )

    assert told.words == words


@pytest.fixture
def held() -> Iterator[None]:
    yield
    hold_tokens(())


def configured(folder: Path, ours: str, *options: str) -> ConfigCompared:
    file = folder / "config.toml"
    file.write_text('model = "o3"\n[projects."/root/x"]\ntrust = true\n')
    hold_tokens([("lane-config", ours)])
    asked = compare_config(str(file), Local(), "lane-config", options, deadline=5)
    compared = asyncio.run(asked)
    assert decode(encode(compared)) == compared
    return compared


@pytest.mark.parametrize(
    ("ours", "options", "words"),
    [
        ('model = "o4"', (), ("upheld", "")),
        ('model = "o4"\n[mcp]\nurl = "x"', ("model", "mcp"), ("upheld", "")),
        ('model = "o4"\n[mcp]\nurl = "x"', ("model",), ("violated", "global-config-copied")),
        (
            'model = "o3"\n[projects."/root/x"]\ntrust = true',
            (),
            ("violated", "global-config-copied"),
        ),
        (
            '# mine\nmodel = "o3"\nprojects = {"/root/x" = {trust = true}}',
            (),
            ("violated", "global-config-copied"),
        ),
    ],
)
@pytest.mark.usefixtures("held")
def test_a_lanes_configuration_is_its_own(
    tmp_path: Path, ours: str, options: tuple[str, ...], words: tuple[str, str]
) -> None:
    compared = configured(tmp_path, ours, *options)

    told = judged(
        check_secret_values.check_configuration_is_no_copy_of_a_private_file,
        lane=lane(),
        config_compared=compared,
    )

    assert told.words == words
    assert "o3" not in encode(compared) + told.judgement.saw


@pytest.mark.usefixtures("held")
def test_what_cannot_be_compared_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match="is no TOML"):
        configured(tmp_path, "no = toml = here", "model")
    hold_tokens([("lane-config", "a = 1")])
    gone = compare_config(str(tmp_path / "gone"), Local(), "lane-config", (), deadline=5)
    with pytest.raises(VantageError, match=r"there is no .*gone here"):
        asyncio.run(gone)
