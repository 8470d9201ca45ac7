"""Reads of catalog, by name."""
