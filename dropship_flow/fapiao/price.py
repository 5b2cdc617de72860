"""What a quoted price means with and without an invoice: 含税, 不含税 and 税点.

One rule, told twice: `steps` for one price in Python, `STEPS_SQL` for a whole list. A test holds them together.

- A company that says nothing of invoices: a price with tax loses it, as the books add it again.
- It needs none: what is quoted is what is paid and what it costs.
- It needs one: a price without tax grows by the supplier's surcharge (税点), where he issues one at all.
- It deducts the VAT and he issues special invoices (专票): the VAT in what is paid comes out again. Where he quotes
  without tax and asks no surcharge, VAT comes on top of the price and is deducted: the price is the cost.
"""

NEEDS = ("never", "cost", "deductible")
ISSUES = ("none", "ordinary", "special")
ISSUED = ("ordinary", "special")


def steps(included, tax_percent, need, issues, point, rate):
    """(multiply, divide): a quoted price times the one, divided by the other, is price and cost without deductible tax.

    :param bool included: the quoted price includes tax (含税)
    :param tax_percent: VAT of the offer, percent; 0: unknown
    :param need: one of NEEDS; empty: the company says nothing of invoices
    :param issues: one of ISSUES; empty: as "none"
    :param point: surcharge for an invoice on a price without tax, percent
    :param rate: VAT of the supplier's invoices, percent, where the offer does not say it

    >>> steps(True, 13, "", "", 0, 0), steps(False, 13, "", "special", 8, 13)
    ((1, 1.13), (1, 1))
    >>> steps(False, 0, "cost", "ordinary", 6, 13), steps(True, 13, "cost", "ordinary", 6, 13)
    ((1.06, 1), (1, 1))
    >>> steps(False, 0, "deductible", "special", 8, 13), steps(True, 0, "deductible", "special", 8, 13)
    ((1.08, 1.13), (1, 1.13))
    >>> steps(False, 0, "deductible", "special", 0, 13), steps(False, 0, "deductible", "none", 8, 13)
    ((1.0, 1), (1, 1))
    """
    if not need:
        return 1, 1 + tax_percent / 100 if included else 1
    wanted = need in ("cost", "deductible") and issues in ISSUED
    times = 1 + point / 100 if wanted and not included else 1
    if not deducts(need, issues) or not (included or point):
        return times, 1
    return times, 1 + (tax_percent or rate) / 100


def deducts(need, issues):
    """Whether the VAT of what is bought comes back."""
    return need == "deductible" and issues == "special"


# Columns: offer.price_tax_included, .tax_percent, .fapiao_issues, .fapiao_point; buyer.need, .issues, .point, .rate,
# all NULL where the company says nothing. What the offer says of the invoice goes before what the supplier says.
STEPS_SQL = """
    SELECT CASE WHEN buyer.need IN ('cost', 'deductible') AND said.issues IN ('ordinary', 'special')
                 AND offer.price_tax_included IS NOT TRUE THEN 1 + said.point / 100 ELSE 1 END AS times,
           CASE WHEN buyer.need IS NULL
                THEN 1 + CASE WHEN offer.price_tax_included THEN COALESCE(offer.tax_percent, 0) ELSE 0 END / 100
                WHEN buyer.need = 'deductible' AND said.issues = 'special'
                 AND (offer.price_tax_included OR said.point > 0)
                THEN 1 + COALESCE(NULLIF(offer.tax_percent, 0), buyer.rate, 0) / 100
                ELSE 1 END AS divide
      FROM (SELECT COALESCE(offer.fapiao_issues, buyer.issues) AS issues,
                   COALESCE(CASE WHEN offer.fapiao_issues IS NULL THEN buyer.point ELSE offer.fapiao_point END, 0)
                   AS point) said
"""
