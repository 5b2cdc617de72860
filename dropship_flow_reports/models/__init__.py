from . import profit

# isort: split
from . import analysis, cash, tax

# isort: split
from . import pack
