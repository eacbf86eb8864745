"""Batches as Parquet files, one a stretch: for tools that read Parquet, and to be loaded into a database later."""
