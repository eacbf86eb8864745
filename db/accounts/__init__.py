"""Who uses the site: users, passwords, sessions, and what each has seen."""
