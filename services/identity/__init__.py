"""identity: people, their roles, credentials and sign-in sessions."""
