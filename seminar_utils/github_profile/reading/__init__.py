"""What was handed in, read: files, the page, addresses, pictures and texts. Nothing is judged."""
