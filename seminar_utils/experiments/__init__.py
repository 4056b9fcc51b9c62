"""Experiments: the same nets and recipe live in a cell, or recorded over several seeds.

    jobs      one net, one seed, one recipe: what a worker process does
    worker    the process around a job: one thread, progress as lines of JSON
    running   several jobs at once, in the background of a notebook
    records   the recorded runs in data/runs/, and whether they still hold
    verdicts  what the recorded seeds show, and what they do not
    twins     plain and residual nets that start alike (He et al. 2016, Fig. 4 and Table 2)

``python -m seminar_utils.experiments twins --seeds 5`` records; a finished net is never run again.
"""
