from . import account, line
