"""Experiments: the same nets and recipe live in a cell, or recorded over several seeds.

run = experiments.start("twins")    in a notebook: in the background, today's seed
records = run.result(timeout=120)   wait for it
experiments.recorded("twins")       what was recorded, all seeds
experiments.trained(name, net)      a recorded net with its weights
experiments.test_images("twins")    what the nets were tested on

python -m seminar_utils.experiments twins    records; a finished net is never run again

Each experiment has a file; without a name the command lists them. What they share:

catalogue    all of them by name
job          what an experiment is; one net, one seed, one recipe: what a worker process does
worker       the process around a job: one thread, progress as lines of JSON
pool         several jobs at once, in the background of a notebook
together     several nets at once on one GPU
live         a run of today, or the record that stands in for it
records      the recorded runs in data/runs/, and whether they still hold
verdicts     what the recorded seeds show, and what they do not
finding      a run of your own saved as files, for a page that others can check
"""

from seminar_utils import on_demand

# Every worker process passes through this file first.
FILES = {"finding": "save_finding", "live": "start", "records": "recorded test_images trained"}
__getattr__, __dir__, __all__ = on_demand(__name__, FILES)
