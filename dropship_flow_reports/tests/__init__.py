from . import (
    test_access,
    test_profit_ledger,
    test_profit_payout,
    test_profit_random,
    test_statement_accountant,
    test_statement_definitions,
    test_statement_order,
    test_statement_reconcile,
)
