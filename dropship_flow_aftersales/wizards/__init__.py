from . import case_words  # isort: skip - the others use it
from . import case_decide, case_open, case_propose, policy_simulate, refund
from . import claim_answer
from . import supplier_word
from . import simulate_returns
