"""A small invented news site, a mail sink, and the tour that `make demo` runs."""
