from . import day, drift, generation, order, report

# isort: split
from . import collector, figures
