"""Freight tables to start from: plain rows, to be corrected to what the supplier really charges."""

from dataclasses import dataclass

# The remote provinces of every Chinese carrier's table.
REMOTE = ("新", "藏", "青", "蒙", "宁", "甘")
DELTA = ("苏", "浙", "沪")


@dataclass(frozen=True)
class FreightRow:
    """One row: where to, first weight and steps in kilograms, transit days of half, 80 % and 95 % of the parcels."""

    label: str
    country: str = ""  # ISO code
    states: tuple = ()  # codes of states or provinces
    group: str = ""  # external id of a country group
    first_weight: float = 1.0
    first_price: float = 0.0
    step_weight: float = 1.0
    step_price: float = 0.0
    surcharge: float = 0.0
    days: tuple = (2, 3, 5)


# {template: (currency of its figures, ISO code goods leave from, rows)}
TEMPLATES = {
    "delta": ("CNY", "CN", (FreightRow("江浙沪", "CN", DELTA, first_price=3.5, step_price=1.0, days=(1, 2, 3)),)),
    "national": (
        "CNY",
        "CN",
        (
            FreightRow("江浙沪", "CN", DELTA, first_price=3.5, step_price=1.0, days=(1, 2, 3)),
            FreightRow("全国", "CN", first_price=5.0, step_price=2.5, days=(2, 3, 5)),
            FreightRow("偏远", "CN", REMOTE, first_price=12.0, step_price=10.0, surcharge=3.0, days=(4, 6, 9)),
        ),
    ),
    "cn_eu": (
        "EUR",
        "CN",
        (FreightRow("CN → EU", group="base.europe", first_weight=0.5, first_price=5.9, step_weight=0.1, step_price=0.9,
                    days=(8, 11, 14)),),
    ),
    "eu": (
        "EUR",
        "",
        (
            FreightRow("Domestic", "*", first_weight=2.0, first_price=3.9, step_weight=3.0, step_price=2.0,
                       days=(1, 2, 3)),
            FreightRow("EU", group="base.europe", first_weight=2.0, first_price=9.9, step_weight=3.0, step_price=4.0,
                       days=(3, 4, 6)),
        ),
    ),
}  # fmt: skip


def template_for(ship_from, home):
    """The table that fits goods from one country for a shop at home in another.

    >>> template_for("CN", "CN"), template_for("CN", "DE"), template_for("DE", "DE")
    ('national', 'cn_eu', 'eu')
    """
    if ship_from == "CN":
        return "national" if home in ("CN", "") else "cn_eu"
    return "eu"


def rows_of(template, ship_from):
    """(currency, rows) of a template; "*" becomes the country goods leave from.

    >>> [row.country for row in rows_of("eu", "PL")[1]]
    ['PL', '']
    """
    currency, _source, rows = TEMPLATES[template]
    return currency, tuple(
        FreightRow(**{**row.__dict__, "country": ship_from}) if row.country == "*" else row for row in rows
    )
