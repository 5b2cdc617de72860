from . import profit

# isort: split
from . import costs
from . import analysis
