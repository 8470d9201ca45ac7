"""Reads of booking, by name, one file per aggregate."""
