"""How words and filters are looked for: the full text in the order of time, queries, facets, questions of rules."""
