"""Find and fetch pages."""
