from . import profit, tax
