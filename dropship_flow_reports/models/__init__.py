from . import profit, statement
