from . import account_tax, company, day, due, due_make, rule, summary

# isort: split
from . import read, tie, uncovered
