"""What the record says of the evidence itself: what it proves, and what it does not."""

from reports.projections.text import code, count, prose, utc
from reports.projections.told import Account


def statement(told: Account) -> str:
    """Write the section that says what this evidence is."""
    parts = ["## What this evidence is\n", _canary(told)]
    parts.append(
        "Each line of the journal holds the SHA-256 of the line before it, and"
        " `manifest.json` holds the SHA-256 of every file of the run. This proves the order of"
        " what was written, and that nothing of it was changed without changing everything after"
        " it. It does not prove when or by whom it was written, and a tail that was cut off"
        " together with the manifest shows only against the head of the chain, kept elsewhere.\n"
    )
    if told.seal is not None:
        parts.append(
            f"This run could not seal itself ({prose(str(told.seal.get('reason')))}): it was"
            f" sealed by {prose(str(told.seal.get('by')))} at {utc(told.seal['at'])}, as far as"
            " it had been written.\n"
        )
    elif told.end is None:
        parts.append("This run has no manifest: it ended before it could be sealed.\n")
    if told.begin.get("previous"):
        previous = told.begin["previous"]
        parts.append(
            f"The newest sealed run before this one was {code(str(previous.get('run')))},"
            f" head {code(str(previous.get('head')))}.\n"
        )
    parts.append(
        "`python -m reports verify` on the run's folder looks whether all of this holds.\n"
    )
    if told.attachments:
        rows = "".join(
            f"| [{prose(one['path'])}]({one['path']}) | {prose(one['media_type'])}"
            f" | {one['bytes']:,} | {code(one['sha256'])} |\n"
            for one in told.attachments
        )
        parts.append(f"| Attachment | Type | Bytes | SHA-256 |\n|---|---|--:|---|\n{rows}")
    return "\n".join(parts)


def _canary(told: Account) -> str:
    """Say what is known of secrets in what was written."""
    registered = (told.begin.get("secrets") or {}).get("registered") or []
    absent = (told.begin.get("secrets") or {}).get("absent") or []
    hidden = f"Registered secrets: {', '.join(map(code, registered)) or 'none'}"
    hidden += f"; without a value here: {', '.join(map(code, absent))}. " if absent else ". "
    if told.canary is None:
        return f"{hidden}A canary was planted and **not looked for**: the run did not get there.\n"
    if told.canary.get("found"):
        where = ", ".join(map(code, told.canary["found"]))
        return f"{hidden}The planted canary was **found** in {where}: this run is not sealed.\n"
    return (
        f"{hidden}A random canary was planted as a secret in the journal, an attachment and the"
        f" log. No form of it was found in {count(told.canary['files'], 'file')} before the run"
        " ended, nor in the log and this record before they were put here.\n"
    )
