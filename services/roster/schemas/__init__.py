"""Shapes of the roster's requests, answers and incoming messages."""
