"""The roster service: volunteers, skills, shifts, assignments and hours."""
