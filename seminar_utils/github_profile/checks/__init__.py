"""The checks, a file for each subject, and their tables; no subject takes from another."""
