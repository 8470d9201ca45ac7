"""What catalog does, one function per verb."""
