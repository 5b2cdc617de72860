"""What customs wants to know of goods that cross a border, and what of it is not there yet."""

HAZARDS = ("battery", "liquid", "magnet", "other")


def missing(goods, level, numbers=None):
    """What is missing, as reasons: [[code, {figure: value}], …].

    :param list goods: of dicts with product, product_id, hs, name_en, name_zh, origin, value, zh_wanted
    :param str level: "off" nothing is asked · "basic" the tariff number · "full" everything
    :param dict numbers: {"ioss": number, "ioss_wanted": bool, "eori": number, "eori_wanted": bool}

    >>> lamp = {"product": "Lamp", "product_id": 7, "hs": "9405", "value": 0}
    >>> lamp |= dict.fromkeys(("name_en", "name_zh", "origin"), "")
    >>> missing([lamp], "basic")
    [['customs_goods', {'product': 'Lamp', 'product_id': 7, 'missing': 'hs'}]]
    >>> missing([lamp], "full")[0][1]["missing"], missing([lamp], "off")
    ('hs,name_en,origin,value', [])
    >>> missing([], "full", {"ioss_wanted": True, "eori_wanted": True, "eori": "DE1"})
    [['customs_ioss', {}]]
    """
    if level == "off":
        return []
    reasons = []
    for row in goods:
        lacks = list(_lacks(row, level))
        if lacks:
            figures = {"product": row["product"], "product_id": row["product_id"], "missing": ",".join(lacks)}
            reasons.append(["customs_goods", figures])
    if level == "full" and numbers:
        reasons += [
            [f"customs_{name}", {}]
            for name in ("ioss", "eori")
            if numbers.get(f"{name}_wanted") and not numbers.get(name)
        ]
    return reasons


def _lacks(row, level):
    if len(digits(row["hs"])) < 6:
        yield "hs"
    if level != "full":
        return
    if not row["name_en"]:
        yield "name_en"
    if row.get("zh_wanted") and not row["name_zh"]:
        yield "name_zh"
    if not row["origin"]:
        yield "origin"
    if row["value"] <= 0:
        yield "value"


def digits(code):
    """The figures of a tariff number.

    >>> digits("9405.21 00"), digits(None)
    ('94052100', '')
    """
    return "".join(character for character in code or "" if character.isdigit())


def block(goods, currency, numbers, incoterm):
    """The part of an order that is for customs; by allow-list, with one figure of money per line: the declared value.

    >>> row = {"line": "5", "hs": "9405.21", "name_en": "Lamp", "name_zh": "灯", "origin": "CN", "qty": 2.0}
    >>> found = block([{**row, "value": 14.5, "hazard": "battery", "cost": 3}], "EUR", {"ioss": "IM1"}, "DDP")
    >>> found["lines"][0]["value"], found["lines"][0]["battery"], "cost" in found["lines"][0], found["total"]
    (14.5, True, False, 29.0)
    """
    lines = []
    for row in goods:
        lines.append(
            {
                "line": row["line"],
                "hs_code": digits(row["hs"]),
                "name_en": row["name_en"],
                "name_zh": row["name_zh"],
                "origin": row["origin"],
                "qty": row["qty"],
                "value": round(row["value"], 2),
                **{flag: row["hazard"] == flag for flag in HAZARDS[:3]},
                "restricted": row["hazard"] not in ("none", "", None),
            }
        )
    return {
        "currency": currency,
        "incoterm": incoterm,
        "ioss": numbers.get("ioss") or "",
        "eori": numbers.get("eori") or "",
        "lines": lines,
        "total": round(sum(line["qty"] * line["value"] for line in lines), 2),
    }
