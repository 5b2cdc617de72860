from . import cash, profit
