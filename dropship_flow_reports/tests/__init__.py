from . import test_access, test_profit_ledger, test_profit_payout, test_profit_random, test_tax_due, test_tax_random, test_tax_summary
