"""The verbs of booking, one file per aggregate."""
