from . import (  # isort: skip_file
    state_mixin,
    res_country,
    product,
    supplier,
    supplier_term,
    negotiation,
    warehouse,
    closure,
    offer,
    supplierinfo,
    shipping_rate,
    duty_rule,
    sales_channel,
    tax_rule,
    routing_policy,
    routing_decision,
    line_choice,
    allocation,
    hold,
    exception,
    demand,
    router_facts,
    router_problem,
    router,
    router_apply,
    router_procure,
    delivery_carrier,
    sale_order,
    sale_order_line,
    stock_rule,
    stock_picking,
    product_seller,
    purchase_order,
    purchase_verbs,
    purchase_order_line,
    portal_guard,
)
from . import lease_mixin, connection, exchange, connector, exchange_relay, purchase_exchange
from . import res_partner, ship_to, change_request, change_exception  # isort: skip
from . import hold_reasons, hold_rule, risk_signal, blocklist, hold_facts, hold_checks, hold_gate, hold_events
from . import hold_screens, blocklist_shop
from . import messages, messages_purchase, manual_hold, api_channel, api_request, api_call
from . import api_lookup, api_partner, api_create, api_verbs, api_read
from . import order_stage, purchase_stage, allocation_clock, answer_clock, order_waiting, order_desk, order_search
from . import overview, overview_card, overview_today
from . import bulk_actions, bulk_job, bulk_line, cancel_reason, route_again, router_together, ship_group, ship_suggest
from . import cart_check, delivery_charge, delivery_zone, router_reach, simulated
from . import (  # isort: skip
    customer_policy,
    customer_order,
    customer_substitute,
    customer_question,
    customer_answer,
    customer_refund,
    customer_cron,
from . import (
    sender,
    supplier_order_way,
    test_order,
    supplier_answer,
    price_list,
    first_hour,
    first_hour_facts,
    first_hour_steps,
)
