from . import case_words
from . import case_propose
from . import case_open
from . import case_decide
