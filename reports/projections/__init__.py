"""What is projected from a journal; it can be made again at any time."""

from reports.chains import Chains
from reports.manifest import RECORD
from reports.projections import log, record, sarif
from reports.projections.account import AccountError, account


def projected(chains: Chains) -> dict[str, bytes]:
    """Return the files that are made of the journals alone, by their names: log, record, findings.

    Raises `AccountError` for lines that are not a run's.
    """
    told = account(chains.lines)
    try:
        written = log.write(told, chains.lines)
        texts = {written.name: written.text, RECORD: record.write(told, written, chains.head)}
        if (findings := sarif.write(told)) is not None:
            texts[sarif.NAME] = findings
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise AccountError(
            f"nothing can be projected from the journal: {type(error).__name__} {error}"
        ) from error
    return {name: text.encode(errors="backslashreplace") for name, text in texts.items()}
