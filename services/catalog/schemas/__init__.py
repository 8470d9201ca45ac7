"""Shapes of what catalog's API takes and gives."""
