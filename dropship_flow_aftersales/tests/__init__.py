from . import (
    test_access,
    test_board_clock,
    test_board_links,
    test_board_work,
    test_case,
    test_claims_access,
    test_claims_case,
    test_claims_life,
    test_claims_netting,
    test_claims_parcels,
    test_claims_words,
    test_goods_access,
    test_goods_ask,
    test_goods_desk,
    test_goods_refused,
    test_goods_send,
    test_goods_transfers,
    test_kit_goods,
    test_policy_decisions,
    test_policy_facts,
    test_policy_law,
    test_policy_rows,
    test_policy_simulate,
    test_policy_words,
    test_portal_case,
    test_portal_photos,
    test_portal_request,
    test_portal_withdraw,
    test_refund_access,
    test_refund_bounds,
    test_refund_cards,
    test_refund_cases,
    test_refund_flow,
    test_refund_promises,
    test_remedies_access,
    test_remedies_contract,
    test_remedies_credit,
    test_remedies_goods,
    test_remedies_money,
    test_remedies_repair,
    test_supplier_answers,
    test_supplier_api,
    test_supplier_claims,
    test_supplier_contract,
    test_supplier_pages,
    test_supplier_people,
    test_supplier_ways,
)
from . import test_case
from . import test_supplier_answers
from . import test_supplier_claims
from . import test_supplier_contract
from . import test_supplier_ways
from . import test_supplier_pages
from . import test_supplier_api
from . import test_supplier_people
from . import test_supplier_words
