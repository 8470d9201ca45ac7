"""Names for screens that everybody sees: first and last grapheme, one ``*`` between."""

import grapheme


def masked_name(name: str) -> str:
    """Mask a name by graphemes (UAX #29): 张三明 → 张*明, 李雷 → 李*, a single one → ``*``."""
    letters = list(grapheme.graphemes(name.strip()))
    if len(letters) <= 1:
        return "*"
    if len(letters) == 2:
        return f"{letters[0]}*"
    return f"{letters[0]}*{letters[-1]}"
