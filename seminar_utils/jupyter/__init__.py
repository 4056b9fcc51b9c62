"""JupyterLab for the course: how it starts, the student's copies, how notebooks are recorded."""
