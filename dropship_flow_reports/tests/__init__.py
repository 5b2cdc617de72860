from . import (
    test_access,
    test_cash_line,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
)
