"""The lab's GitHub by itself, over real HTTP, and the shop's checkout beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.github.limits import LIMITS
from fixtures.github.tokens import hold_tokens
from fixtures.lab.github import StandIn
from fixtures.lab.github_state import Hosted, healthy
from fixtures.lab.history import SHOP, make_shop
from fixtures.lab.serving import serve_github
from fixtures.repositories import Source


@dataclass(frozen=True)
class Shop:
    """The shop, on GitHub and as a checkout."""

    hosted: Hosted
    stand_in: StandIn
    source: Source


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(made: tuple[Path, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Serve a healthy shop, which a test may change; no proxy, no token, no limit."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    LIMITS.forget()
    hold_tokens(())
    hosted = healthy(SHOP, *made)
    with serve_github(hosted) as served:
        source = Source("shop", str(made[0]), None, SHOP, served.api, "main", requests=300)
        yield Shop(hosted, served.stand_in, source)
    LIMITS.forget()
