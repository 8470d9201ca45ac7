"""What a device of each Open Repair Data category weighs on average, in kilograms.

Source: Open Repair Alliance, `ords_product_category_unu_key_map.csv`
(https://github.com/openrepair/tools), CC BY-SA 4.0: each category stands for one key of the United
Nations University's classification of electronic waste, with the average weight of such a product
sold in 1995, 2000, 2005, 2010, 2011 and 2012. Figures are unchanged but for two that we leave out, and
say so wherever the sum is shown:

- key 204, vacuum cleaners: 5.30 kg in 1995, then 55.50 to 59.90 kg. No vacuum cleaner weighs that; the
  decimal point has moved. Those years are read as 5.55 to 5.99 kg.
- category 18, *Misc*: the map gives it the weight of household tools (14.40 kg). What it is, nobody
  knows; it weighs nothing here.
"""

from dataclasses import dataclass

YEARS = (1995, 2000, 2005, 2010, 2011, 2012)
BY_KEY: dict[int, tuple[float, ...]] = {
    111: (33.40, 47.30, 26.60, 26.60, 26.60, 25.20),
    201: (0.80, 0.90, 0.80, 0.80, 0.90, 0.80),
    202: (3.10, 5.00, 4.50, 3.00, 2.70, 2.60),
    203: (1.80, 2.70, 1.30, 2.80, 2.90, 2.80),
    204: (5.30, 5.55, 5.55, 5.99, 5.99, 5.88),
    205: (0.70, 0.60, 0.50, 0.50, 0.50, 0.50),
    301: (0.60, 0.60, 0.90, 0.30, 0.40, 0.30),
    302: (15.00, 10.20, 9.20, 8.80, 8.80, 8.80),
    303: (4.90, 4.30, 3.70, 3.20, 3.20, 3.00),
    304: (7.80, 8.30, 9.10, 10.30, 10.30, 10.00),
    306: (0.60, 0.20, 0.10, 0.10, 0.10, 0.10),
    401: (0.40, 0.40, 0.40, 0.40, 0.40, 0.40),
    402: (0.30, 0.30, 0.30, 0.20, 0.20, 0.20),
    403: (3.30, 3.30, 2.30, 3.40, 3.50, 3.40),
    404: (4.90, 4.20, 4.00, 2.60, 2.90, 2.70),
    406: (1.00, 0.90, 0.50, 0.30, 0.30, 0.30),
    408: (12.00, 14.70, 14.70, 14.30),
    506: (0.60, 0.50, 0.50, 0.50, 0.50, 0.50),
    601: (16.70, 15.90, 15.20, 15.20, 15.20, 14.40),
    701: (0.50, 0.50, 0.50, 0.50, 0.50, 0.50),
    702: (2.40, 2.10, 2.00, 2.00, 2.00, 1.90),
}
KEYS = {
    1: 111, 2: 201, 3: 506, 4: 302, 5: 406, 6: 406, 7: 201, 8: 408, 9: 205, 10: 401, 11: 401,
    12: 403, 13: 403, 14: 203, 15: 506, 16: 303, 17: 601, 19: 306, 20: 403, 21: 601, 22: 301,
    23: 402, 24: 601, 25: 304, 26: 201, 27: 601, 28: 201, 29: 202, 30: 303, 31: 202, 32: 701,
    33: 404, 34: 204, 35: 201, 36: 203, 37: 202, 38: 702, 39: 205, 40: 201,
}  # fmt: skip


@dataclass(frozen=True)
class Weight:
    """Kilograms of one device: the newest average, and the lowest and highest of all years."""

    usual: float
    low: float
    high: float


def weight_of(category_id: int) -> Weight | None:
    """Return the average weight of a category, None where it has none."""
    key = KEYS.get(category_id)
    if key is None:
        return None
    years = BY_KEY[key]
    return Weight(years[-1], min(years), max(years))
