from . import profit

# isort: split
from . import analysis
