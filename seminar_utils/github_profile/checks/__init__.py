"""The checks, a file for each subject; none takes anything from another."""
