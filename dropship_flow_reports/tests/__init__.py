from . import (
    test_access,
    test_kit_profit,
    test_profit_documents,
    test_profit_fees,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
    test_profit_returned,
    test_profit_stage,
    test_profit_stock,
)
