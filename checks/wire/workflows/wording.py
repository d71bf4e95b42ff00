"""Numbers and values as GitHub writes them into texts."""

import math


def number_text(number: float) -> str:
    """Write a double as .NET's `G15` does (actions/runner, ExpressionConstants.NumberFormat)."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    digits, _, exponent = f"{number:.14e}".partition("e")
    power = int(exponent)
    if -5 < power < 15:  # noqa: PLR2004 - where G15 begins to write exponents
        text = f"{number:.{max(0, 14 - power)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = digits.rstrip("0").rstrip(".")
    return f"{digits}E{'+' if power > 0 else '-'}{abs(power):02d}"
