"""One line of progress on a terminal, and nothing in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import pytest


@contextmanager
def live_line(config: pytest.Config) -> Iterator[Callable[[str], None]]:
    """Offer a function that shows one line of progress on a terminal, and nothing in a pipe.

    The line stands behind what pytest has printed so far, and is taken away at the end.
    """
    plugins = config.pluginmanager
    reporter, capture = plugins.getplugin("terminalreporter"), plugins.getplugin("capturemanager")
    shown = False

    def show(text: str) -> None:
        nonlocal shown
        room = reporter._tw.fullwidth - reporter._tw.width_of_current_line - 3  # noqa: SLF001
        if room >= len(text):
            write(f"\x1b7  \x1b[2m{text}\x1b[0m\x1b[K\x1b8")
            shown = True

    def write(text: str) -> None:
        # Past the reporter: it counts what passes through it as printed.
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            reporter._tw._file.write(text)  # noqa: SLF001
            reporter._tw._file.flush()  # noqa: SLF001

    if reporter is None or not reporter.isatty:
        yield lambda _: None
        return
    yield show
    if shown:
        write("\x1b[K")
