"""A supplier that exists only in this machine: a process of its own that speaks the open JSON API."""
