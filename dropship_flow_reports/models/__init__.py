from . import profit

# isort: split
from . import costs

# isort: split
from . import analysis, cash, statement, tax

# isort: split
from . import pack
