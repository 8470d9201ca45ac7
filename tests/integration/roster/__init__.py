"""Integration tests of the roster, on both databases."""
