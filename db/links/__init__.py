"""What is one and the same: instruments, people, organizations; what people rule about them, what becomes of them."""
