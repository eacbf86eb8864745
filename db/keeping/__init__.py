"""What is kept of an article: pages, revisions, differences, copies, files."""
