from . import pack, profit
from . import profit

# isort: split
from . import analysis
from . import cash, profit
from . import profit, tax
