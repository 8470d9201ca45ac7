"""notify: who can be reached where, what they are told, and whether it arrived."""
