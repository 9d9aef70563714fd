"""What the system tells people: an outbox written with the change itself, pages, e-mails, a digest."""
