"""What is known beside the outbox of how mail goes out: its pace, the server's outages, what was put together."""
