"""Tests of the measures in tests/bench."""
