"""Archive, parse, extract, store: the sink of a crawl and the writer of a reprocessing."""
