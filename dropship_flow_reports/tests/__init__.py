from . import (
    test_access,
    test_costs_ads,
    test_costs_bills,
    test_costs_files,
    test_costs_http,
    test_costs_rules,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
)
