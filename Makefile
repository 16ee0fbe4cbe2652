# make run     the whole hotline, until Ctrl-C        make phone   a telephone in this terminal, for the running hotline
# make test    every test                             make bench   how fast and how large
# make clean   forget the virtual environment (the state folder stays)

PYTHON ?= python3
BIN := .venv/bin

# $(call install,PACKAGE): a Debian package, where we may; else a sentence.
install = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; } \
	|| { echo "$(1) is missing here: install it (on Debian: sudo apt-get install $(1))." >&2; false; }

.PHONY: run phone test bench clean

run: .venv/run.stamp
	@exec $(BIN)/python run.py

phone: .venv/run.stamp
	@exec $(BIN)/python -m agi phone

test: .venv/test.stamp
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || $(call install,postgresql) || true
	$(BIN)/ruff check .
	# Side by side: a test with a real phone mostly waits for somebody to finish speaking.
	$(BIN)/python -m pytest -n 3 --dist loadfile

bench: .venv/test.stamp
	@exec $(BIN)/python -m tests.load

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis

.venv/run.stamp: requirements.lock $(BIN)/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/test.stamp: requirements-test.lock .venv/run.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || $(call install,python3)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; false; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call install,python3-venv)
	$(PYTHON) -m venv .venv
	@touch $@
