"""JupyterLab for the course: how it starts, the student's copies, how notebooks are recorded."""

__all__ = ["EDITIONS"]

EDITIONS = ".editions.json"  # marks a workbook; see ``workbook``
