"""Python's search for cycles rests where there is nothing to find.

Loaded by `-p` in addopts, before what takes time. A start makes a hundred thousand objects
that stay, ten thousand items too, and the end of a run reads its journals again: the
collector would go through all of them again and again.
"""

import gc
from collections.abc import Generator
from contextlib import suppress

import pytest

_EACH = (10_000, 50, 50)
"""How many new objects, and searches, there are until the next: a check leaves hundreds."""


_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""What `mallopt` calls them: malloc.h of glibc."""
_LARGE, _ARENAS = 1 << 17, 2


def search_from_here() -> None:
    """Search only in what is made from here on, and seldom."""
    gc.freeze()
    gc.set_threshold(*_EACH)
    gc.enable()


def pytest_addoption() -> None:
    gc.disable()  # the first hook that a plugin hears


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Search again while something is judged."""
    search_from_here()
    if _judges_checks(session.config):
        keep_little()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Search once more, and let a run be sealed without; the suite's own tests are searched on."""
    if _judges_checks(session.config):
        gc.collect()  # of a check that raised, its frames hold all that it was given
        gc.freeze()
        gc.disable()
        _give_back()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing to pytest's own search at its end."""
    if _judges_checks(config):
        gc.freeze()


def keep_little() -> None:
    """Let what is large be given back as soon as it is free: pages of lists come and go.

    glibc takes the largest piece that was ever freed for the measure of what it keeps, for each
    of the threads that looked; another libc has no `mallopt`.
    """
    import ctypes  # noqa: PLC0415 - who only lists the checks should not wait for it

    with suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_ARENA_MAX, _ARENAS)


def _give_back() -> None:
    """Give free memory back: what a thousand handshakes held, the seal cannot use.

    glibc keeps it for the thread that looked; another libc has no `malloc_trim`.
    """
    import ctypes  # noqa: PLC0415 - here alone

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _judges_checks(config: pytest.Config) -> bool:
    from reports.keys import PROFILE  # noqa: PLC0415 - which imports what is to be imported after

    return PROFILE in config.stash
