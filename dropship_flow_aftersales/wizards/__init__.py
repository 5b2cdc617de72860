from . import case_decide, case_open, case_propose, case_words
