"""The assignment: build a profile for GitHub, look at it, hear it and check it, all offline.

    form()                                                 twelve fields: what each needs, and why
    path = build({"user": "mina-example", ...}, "profile")
    preview(path)
    hear(path)
    check(path, "mina-example")

Nothing is uploaded, nothing in a profile is run, and nothing is fetched from the web.
"""

from seminar_utils.github_profile.build import build, signature
from seminar_utils.github_profile.check import check
from seminar_utils.github_profile.preview import hear, preview
from seminar_utils.github_profile.profile_text import TEMPLATE, form
from seminar_utils.github_profile.report import report

__all__ = ["TEMPLATE", "build", "check", "form", "hear", "preview", "report", "signature"]
