"""What notify does, one function per verb."""
