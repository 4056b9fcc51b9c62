# The course's commands; `make` alone lists them. They need git, make and Python 3.11 to 3.14.
# PYTHON names the Python that makes the environment: make lab PYTHON=python3.12
# LANGUAGE=ko opens the Korean edition: make lab LANGUAGE=ko
# TORCH=cpu takes PyTorch without CUDA, far less to download on Linux; TORCH=auto looks for a card.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STARTED := $(shell date +%s)

# The stamp's name holds a checksum of what the environment was made from, and of where: a changed
# requirement or a moved folder makes a new environment, a mere checkout of the same files does not.
KEY := $(shell { cat requirements.txt constraints.txt pyproject.toml; pwd; } | cksum | cut -d ' ' -f 1)
STAMP := $(VENV)/installed-$(KEY)

# `make` removes only an environment that `make` made. One made by hand is used if it fits.
MARK := made-by-make
BY_HAND := $(shell if [ -L $(VENV) ] || { [ -e $(VENV) ] && \
  ! ls $(VENV) | grep -q -e '^$(MARK)$$' -e '^installed-'; }; then echo yes; fi)
READY := $(if $(BY_HAND),by-hand,$(STAMP))

# Only what is written behind `make` counts: many systems have a variable LANGUAGE of their own.
IN := $(if $(filter command,$(origin LANGUAGE)),--language $(LANGUAGE))

# What site, decks and hand-outs need beyond the course: packages in the same environment, and
# reveal.js and axe-core from npm, both pinned.
SITE_KEY := $(shell cat site/requirements.txt site/package-lock.json 2>/dev/null | cksum | cut -d ' ' -f 1)
SITE_READY := $(READY) $(VENV)/site-$(SITE_KEY)

.PHONY: help lab lab-source test test-all minutes notebooks bench site decks handouts test-site \
  format clean rebuild by-hand

help:  ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

lab: $(READY)  ## open JupyterLab on your own copies of the notebooks, in workbook/
	@$(RUN) -m seminar_utils.jupyter.lab $(IN) $(ARGS)

lab-source: $(READY)  ## open the notebooks themselves, to change the course
	@$(RUN) -m seminar_utils.jupyter.lab --source $(IN) $(ARGS)

test: $(READY)  ## check style, package and notebooks; prints the seconds of each part
	@$(RUN) -m tests.run_checks --started $(STARTED)

test-all: $(READY)  ## the same with the slow tests
	@$(RUN) -m tests.run_checks --started $(STARTED) --slow

minutes: $(READY)  ## count the minutes of each section of the class path
	@$(RUN) -m tests.minutes

notebooks: $(READY)  ## run and store the notebooks, or one: make notebooks NB=notebooks/03_resnet.ipynb
	@$(RUN) -m seminar_utils.jupyter.recording $(NB)

bench: $(READY)  ## measure speed and memory on this machine, or one block: make bench ARGS=growth
	@$(RUN) -m bench $(ARGS)

site: $(SITE_READY)  ## build the web pages, in site/build/html
	@$(RUN) site/build.py site

decks: $(SITE_READY) site/node_modules  ## build a presentation of each notebook, in site/build/decks
	@$(RUN) site/build.py decks

handouts: $(SITE_READY)  ## print sheets with room for guesses, in site/build/handouts (needs Chromium)
	@$(RUN) site/build.py handouts

test-site: site decks  ## look at pages and decks in Chromium
	@$(RUN) -m pytest -q site/tests

format: $(READY)  ## bring code and notebooks into the project's style
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format --quiet .

clean:  ## remove the environment that make made and all caches; workbook/ stays
	@$(if $(BY_HAND),echo "$(VENV) stays: make did not make it.",rm -rf $(VENV))
	@rm -rf .pytest_cache .ruff_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

by-hand:
	@$(RUN) -P seminar_utils/jupyter/installed.py 2>/dev/null || { \
	  echo "make did not make $(VENV), so it leaves it as it is. Complete it with" \
	    "'$(RUN) -m pip install -r requirements.txt -c constraints.txt'," \
	    "or give it another name; then do the same again." >&2; exit 1; }

# An environment whose Python was removed or upgraded cannot find the package any more.
ifneq ($(shell $(RUN) -I -c 'import seminar_utils; print("works")' 2>/dev/null),works)
$(STAMP): rebuild
endif

$(VENV)/site-$(SITE_KEY): | $(READY)
	@$(PIP) -r site/requirements.txt -r requirements.txt -c constraints.txt
	@touch $@

site/node_modules: site/package-lock.json
	@command -v npm >/dev/null || { echo "Decks and their tests need npm, which comes with Node.js:" \
	  "install it and do the same again." >&2; exit 1; }
	@cd site && npm ci --ignore-scripts --silent
	@touch $@

# The stamp comes last, so that a half-finished installation is begun again. Without a network pip
# would try for a minute, so it first gets something small and gives up soon.
PIP := $(RUN) -m pip install --quiet --no-input --disable-pip-version-check
INSTALL := $(if $(TORCH),$(RUN) -m uv pip install --quiet --python $(RUN) --torch-backend $(TORCH),$(PIP))
$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || { \
	  echo "The course needs Python 3.11 to 3.14, but $(PYTHON) is: `$(PYTHON) --version 2>&1`." \
	    "Name another one, like this: make lab PYTHON=python3.12" >&2; exit 1; }
	@rm -rf $(VENV)
	@mkdir $(VENV)
	@touch $(VENV)/$(MARK)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --dry-run --no-deps --retries 1 --timeout 15 filelock >/dev/null 2>&1 || { \
	  echo "The packages cannot be fetched: there is no network, or it does not reach the package" \
	    "index. Connect (behind a proxy set HTTPS_PROXY) and do the same again." \
	    "pip's reasons: $(RUN) -m pip install --dry-run filelock" >&2; exit 1; }
	@echo "Installing PyTorch, JupyterLab and the rest into $(VENV)." $(if $(TORCH),, \
	  "On Linux these are 3.2 GB to download and 6 GB on the disk; without an NVIDIA card" \
	  "'make $(or $(MAKECMDGOALS),lab) TORCH=cpu' takes a fraction.") \
	  "This can take a few minutes, on a slow line far longer."
	@$(if $(TORCH),$(PIP) uv && )$(INSTALL) -r requirements.txt -c constraints.txt || { \
	  echo "The installation is not finished; pip said why. When that is mended, do the same" \
	    "again: it begins anew, and what pip had downloaded whole is not downloaded again." >&2; \
	  exit 1; }
	@touch $@
