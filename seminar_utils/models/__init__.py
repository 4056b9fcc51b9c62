"""The nets of the two papers, one architecture a file."""
