"""Unit tests of the web front."""
