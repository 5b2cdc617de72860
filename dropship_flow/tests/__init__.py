from . import (
    test_access,
    test_demo,
    test_duty_rule,
    test_hero,
    test_leaks,
    test_leaks_pages,
    test_offer_projection,
    test_preview,
    test_purchase_life,
    test_review,
    test_routing_rules,
    test_shipping_rate,
    test_supplier,
    test_supply_access,
)

from . import test_no_source, test_no_source_pages  # isort: skip
