"""Unit tests of the roster."""
