"""What people decide about statements: the queue, corrections, batches, additions, agreement and quality."""
