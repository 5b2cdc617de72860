"""What the tracking page decides without Odoo: the link, the headline, the receipt."""

import doctest
import itertools

import pytest
from tracking import carrier_pages, headline, link, receipt
from tracking.status import STATUSES


@pytest.mark.parametrize("module", [carrier_pages, headline, link, receipt])
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_a_link_opens_one_order_only():
    token = link.make("secret", 42, 0)
    assert link.order_of(token) == 42 and link.genuine(token, "secret", 42, 0)
    other = link.make("secret", 43, 0).partition("-")[0] + token[token.index("-") :]
    assert link.order_of(other) == 43 and not link.genuine(other, "secret", 43, 0)
    for cut in range(len(token)):
        assert link.order_of(token[:cut]) is None or not link.genuine(token[:cut], "secret", 42, 0)


def test_every_mix_of_parcels_has_a_headline():
    for statuses in itertools.combinations_with_replacement(STATUSES, 3):
        for waiting, cancelled in itertools.product((False, True), repeat=2):
            code, figures = headline.headline(map(headline.Box, statuses), waiting, cancelled)
            assert code in headline.KNOWN
            assert figures["done"] <= figures["count"] <= 3
            if code == "delivered":
                assert not waiting and set(statuses) <= {"delivered", "cancelled"}


def test_only_a_delivery_or_silence_counts_as_receipt():
    for status in STATUSES:
        moment, how = receipt.counts_at(status, None, None, 7, 45)
        assert moment is None and how == "quiet"
