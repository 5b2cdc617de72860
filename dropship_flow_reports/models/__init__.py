from . import profit

# isort: split
from . import costs
from . import analysis
from . import cash, profit
from . import profit, tax
from . import analysis, cash, tax

# isort: split
from . import pack
from . import profit, statement
