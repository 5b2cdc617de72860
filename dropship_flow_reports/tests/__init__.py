from . import (
    test_access,
    test_cash_forecast,
    test_cash_line,
    test_cash_payout,
    test_cash_random,
    test_cash_scenario,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
)
