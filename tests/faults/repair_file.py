"""A made Open Repair Data file with the traps of the published ones; no line of it is real."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

COLUMNS = (
    *("id", "data_provider", "country", "partner_product_category", "product_category"),
    *("product_category_id", "brand", "year_of_manufacture", "product_age", "repair_status"),
    *("repair_barrier_if_end_of_life", "group_identifier", "event_date", "problem"),
)
STATUSES = ("Fixed", "Repairable", "End of life", "Unknown")
BARRIERS = ("Item too worn out", "Spare parts not available", "", "No way to open product")
BRANDS = ("美的", "", "De'Longhi", "Philips, Senseo", "")
PROBLEMS = (
    "不加热",
    "",
    '=SUM(A1:A9) "quoted", with a comma',
    "Toestel start niet meer op; schakelaar 𠮷 stuk",
    "长句" * 700,
)
CATEGORIES = (21, 1, 37, 5)


def write(path: Path, events: int, devices: int) -> int:
    """Write so many events of so many devices each; return the number of rows."""
    rows = list(_rows(events, devices))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _rows(events: int, devices: int) -> Iterator[dict[str, str]]:
    for number in range(events * devices):
        status = STATUSES[number % 4]
        event = number // devices
        yield {
            "id": f"made_{number}",  # an underscore, which the schema does not want
            "data_provider": "Made up",
            "product_category": "Other",
            "product_category_id": str(CATEGORIES[number % 4]),
            "brand": BRANDS[number % 5],
            "repair_status": status,
            "repair_barrier_if_end_of_life": BARRIERS[number % 5 % 4]
            if status == "End of life"
            else "",
            "group_identifier": ("修理小组", "Repair Café «Ω»")[event % 2],
            "event_date": (date(2021, 2, 27) + timedelta(days=event // 2)).isoformat(),
            "problem": PROBLEMS[number % 5],
        }
