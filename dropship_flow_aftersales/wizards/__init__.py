from . import case_words  # isort: skip - the others use it
from . import (
    case_decide,
    case_open,
    case_propose,
    claim_answer,
    policy_simulate,
    refund,
    simulate_returns,
    supplier_word,
)
