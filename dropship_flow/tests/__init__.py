from . import (
    test_access,
    test_api_http,
    test_bulk,
    test_cancel_reason,
    test_demo,
    test_duty_rule,
    test_exchange,
    test_hero,
    test_leaks,
    test_leaks_pages,
    test_messages,
    test_offer_projection,
    test_order_api,
    test_preview,
    test_purchase_life,
    test_review,
    test_routing_rules,
    test_ship_together,
    test_shipping_rate,
    test_supplier,
    test_supply_access,
)

from . import test_address_parse, test_address_portal, test_change_request, test_ship_to  # isort: skip
from . import test_blocklist, test_demo_holds, test_hold_events, test_hold_rules
from . import test_order_search, test_order_stage, test_order_waiting, test_overview  # isort: skip
from . import test_cart_check, test_delivery_charge, test_simulate_day
from . import test_no_source, test_no_source_pages  # isort: skip
