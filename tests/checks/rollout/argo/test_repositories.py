"""Which repositories an AppProject lets applications read, as Argo CD reads its patterns."""

import pytest

from checks.rollout.argo.destinations import too_wide
from checks.rollout.argo.reading import read_project
from checks.rollout.argo.repositories import boundless, may_read
from tests.checks.rollout.argo.written import project

OWN = "https://github.com/shop/orders.git"


@pytest.mark.parametrize(
    ("repositories", "may"),
    [
        ((), False),
        ((OWN,), True),
        (("https://GitHub.com/Shop/Orders",), True),
        (("https://github.com/shop/*",), True),
        (("https://github.com/*",), False),
        (("https://github.com/**",), True),
        (("https://github.com/shop/order?",), True),
        (("https://github.com?shop/orders",), False),
        (("*",), True),
        (("*", "!https://github.com/shop/*"), False),
        (("!https://github.com/shop/*", "*"), False),
        (("https://github.com/shop/*", "!https://github.com/shop/orders"), False),
        (("!https://github.com/other/*",), True),
        (("https://github.com/other/*", "!https://github.com/other/a"), True),
    ],
)
def test_a_repository_may_be_read_where_argo_lets_it(
    repositories: tuple[str, ...], *, may: bool
) -> None:
    assert may_read(repositories, OWN) is may


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("git@github.com:shop/*", "ssh://git@github.com/shop/orders.git"),
        ("ssh://git@github.com/shop/orders", "git@github.com:shop/orders.git"),
    ],
)
def test_both_forms_of_ssh_are_one(pattern: str, url: str) -> None:
    assert may_read((pattern,), url)


@pytest.mark.parametrize(
    ("repositories", "wide"),
    [
        ([OWN, "git@github.com:shop/orders.git"], []),
        (["https://github.com/shop/*"], []),
        (["*", OWN], ["*"]),
        (["**"], ["**"]),
        (["https://**"], ["https://**"]),
        (["https://*/*/*"], ["https://*/*/*"]),
        (["git@*:**"], ["git@*:**"]),
        ([OWN, "!https://github.com/shop/secret"], ["!https://github.com/shop/secret"]),
        (["*", "!**"], []),
    ],
)
def test_a_project_is_too_wide_where_anybodys_repositories_may_be_read(
    repositories: list[str], wide: list[str]
) -> None:
    told = too_wide(read_project(project(spec__sourceRepos=repositories)), "agentrun-v01")

    assert list(boundless(repositories)) == wide
    assert [one.split(",")[0] for one in told] == [f"sourceRepos has {one}" for one in wide]
