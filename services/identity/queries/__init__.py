"""Reads of identity, by name."""
