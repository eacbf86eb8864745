"""How the sources are doing: what is seen of each, what is made of it, and what has changed."""
