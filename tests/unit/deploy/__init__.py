"""Tests of what starts, tries and fills the suite."""
