"""The database by SQL, filters and counts at `/data`: Datasette, read-only, in our frame and behind our doors."""
