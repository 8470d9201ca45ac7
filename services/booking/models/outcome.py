"""Outcomes of a repair in the words of the Open Repair Data Standard 0.3, verbatim.

Source: the standard's `tableschema.json` and its published files (openrepair.org). The schema spells
the last barrier *Too worn out*, the published data *Item too worn out*: both are taken, and what was
said is kept.
"""

FIXED = "Fixed"
REPAIRABLE = "Repairable"
END_OF_LIFE = "End of life"
UNKNOWN = "Unknown"
STATUSES = (FIXED, REPAIRABLE, END_OF_LIFE, UNKNOWN)
BARRIERS = (
    "Spare parts not available",
    "Spare parts too expensive",
    "No way to open product",
    "Repair information not available",
    "Lack of equipment",
    "Item too worn out",
    "Too worn out",
)
