from . import (  # isort: skip_file
    case_words,
    case_propose,
    case_open,
    case_decide,
)
from . import refund
from . import policy_simulate
