"""Shapes of what identity's API takes and gives."""
