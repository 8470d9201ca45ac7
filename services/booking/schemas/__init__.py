"""Shapes of what booking takes and answers, one file per aggregate."""
