"""Every plot of the course, one subject a file.

A figure function returns a ``Picture``: what it drew, one line of the data it drew, and a
description for those who cannot see it, all three from the same numbers. Nothing here touches
matplotlib's global state.
"""
