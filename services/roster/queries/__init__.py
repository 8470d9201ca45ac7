"""What the roster reads, by name."""
