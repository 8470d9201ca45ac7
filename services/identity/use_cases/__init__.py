"""What identity does, one function per verb."""
