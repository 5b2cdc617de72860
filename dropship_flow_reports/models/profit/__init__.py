from . import (
    account,
    changed,
    entry,
    estimate,
    generation,
    kind,
    line,
    payout,
    reconcile,
    sale_order,
    source,
    watermark,
)

# isort: split
from . import channel, claims, claims_payouts, collector, family, returned

# isort: split
from . import expected, expected_fees, expected_returned, order_stage
