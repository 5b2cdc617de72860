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
from . import test_access, test_profit_ledger, test_profit_payout, test_profit_random, test_tax_due, test_tax_summary
