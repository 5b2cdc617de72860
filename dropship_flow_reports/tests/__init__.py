from . import (
    test_access,
    test_cash_line,
    test_analysis_days,
    test_analysis_figures,
    test_analysis_lost,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
)
