# The course's commands; `make` alone lists them. They need git, make and Python 3.11 or newer.
# PYTHON names the Python that makes the environment: make lab PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STARTED := $(shell date +%s)

# The stamp's name holds a checksum of what the environment was made from, and of where: a changed
# requirement or a moved folder makes a new environment, a mere checkout of the same files does not.
KEY := $(shell { cat requirements.txt constraints.txt pyproject.toml; pwd; } | cksum | cut -d ' ' -f 1)
STAMP := $(VENV)/installed-$(KEY)

.PHONY: help lab lab-source test test-all notebooks bench format clean rebuild

help:  ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

lab: $(STAMP)  ## open JupyterLab on your own copies of the notebooks, in workbook/
	@$(RUN) -m seminar_utils.lab $(ARGS)

lab-source: $(STAMP)  ## open the notebooks themselves, to change the course
	@$(RUN) -m seminar_utils.lab --source $(ARGS)

test: $(STAMP)  ## check style, package and notebooks; prints the seconds of each part
	@$(RUN) -m tests.run_checks --started $(STARTED)

test-all: $(STAMP)  ## the same with the slow tests
	@$(RUN) -m tests.run_checks --started $(STARTED) --slow

notebooks: $(STAMP)  ## run and store the notebooks, or one: make notebooks NB=notebooks/03_resnet.ipynb
	@$(RUN) -m seminar_utils.recording $(NB)

bench: $(STAMP)  ## measure speed and memory on this machine, or one block: make bench ARGS=depth
	@$(RUN) -m tests.bench $(ARGS)

format: $(STAMP)  ## bring code and notebooks into the project's style
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format --quiet .

clean:  ## remove the environment and all caches; workbook/ stays
	@rm -rf $(VENV) .pytest_cache .ruff_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose Python was removed or upgraded cannot find the package any more.
ifneq ($(shell $(RUN) -I -c 'import seminar_utils; print("works")' 2>/dev/null),works)
$(STAMP): rebuild
endif

# The stamp comes last, so that a half-finished installation is begun again.
$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "The course needs Python 3.11 or newer, but $(PYTHON) is: `$(PYTHON) --version 2>&1`." \
	    "Name another one, like this: make lab PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing PyTorch, JupyterLab and the rest into $(VENV); this can take a few minutes."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --no-input --disable-pip-version-check \
	  -r requirements.txt -c constraints.txt
	@touch $@
