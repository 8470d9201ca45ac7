"""What tests need besides the suite itself: servers, databases, people, clients, a browser."""
