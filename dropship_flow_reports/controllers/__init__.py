from . import costs, statement
