"""What is projected from a journal; it can be made again at any time."""

from reports.journal import Chain
from reports.manifest import RECORD
from reports.projections import log, record


def projected(chain: Chain) -> dict[str, bytes]:
    """Return the files that are made of a journal alone, by their names: log and record.

    Raises `AccountError` for lines that are not a run's.
    """
    written = log.project(chain.lines)
    texts = {written.name: written.text, RECORD: record.project(chain.lines, chain.head)}
    return {name: text.encode(errors="backslashreplace") for name, text in texts.items()}
