# make run     the whole hotline, until Ctrl-C        make phone   a telephone in this terminal, for the running hotline
# make reader  this machine's card reader, for the kiosk or the counter that its browser shows
# make check   style, types and arrows                make test    all of that, and every test
# make test-quick   core, phone and pages without a browser, for the moments between
# make bench   how fast and how large
# make mutants        small faults put into a copy of the code, one at a time: which of them does no test notice?
# make docker-check   docker/compose.yaml built and started for real, a call placed into it
# make clean   forget the virtual environment (the state folder stays)

PYTHON ?= python3
BIN := .venv/bin

# $(call install,PACKAGE): a Debian package, where we may; else a sentence.
install = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; } \
	|| { echo "$(1) is missing here: install it (on Debian: sudo apt-get install $(1))." >&2; false; }

HAS_HEADERS := "import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path('include') + '/Python.h'))"

.PHONY: run phone reader check test test-quick bench mutants docker-check clean

run: .venv/run.stamp
	@exec $(BIN)/python run.py

phone: .venv/run.stamp
	@exec $(BIN)/python -m agi phone

reader: .venv/reader.stamp
	@[ -x /usr/sbin/pcscd ] || command -v pcscd >/dev/null || $(call install,pcscd)
	@exec $(BIN)/python -m web.reader

# What is wrong before anything runs: style, types, arrows.
check: .venv/test.stamp
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo >.import_linter_cache.log || { cat .import_linter_cache.log; false; }

# The telephone by itself, since what is said there is said in real time, and a busy machine loses sound; pages in a
# browser by themselves, since a browser takes whatever there is. What is covered is counted in the rest.
test: check
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || $(call install,postgresql) || true
	@{ command -v chromium && ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc; } >/dev/null 2>&1 \
		|| $(call install,chromium fonts-noto-cjk) || true
	@ls /usr/lib/pcsc/drivers/serial/libifdvpcd.so >/dev/null 2>&1 || $(call install,vsmartcard-vpcd) || true
	@$(MAKE) --no-print-directory .venv/reader.stamp || true
	@$(BIN)/python -m pytest -n 4 --dist loadfile tests/telephony; heard=$$?; \
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/browser; seen=$$?; \
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report= --ignore=tests/telephony --ignore=tests/browser; rest=$$?; \
	$(BIN)/coverage report --format=total --precision=1 | sed 's/^/covered by the rest, branches too, in %: /'; \
	exit $$((heard | seen | rest))

# For the moments between: no telephone, no browser, no card reader.
test-quick: .venv/test.stamp
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile tests/core tests/agi tests/web

bench: .venv/test.stamp
	@exec $(BIN)/python -m tests.load $(SECTIONS)

# Others than last time: make mutants MUTANTS="--seed 2 --paths web/security.py"
mutants: .venv/test.stamp
	@exec $(BIN)/python -m tests.mutants $(MUTANTS)

docker-check: .venv/test.stamp
	@docker version >/dev/null 2>&1 || command -v debootstrap >/dev/null || $(call install,debootstrap)
	@exec $(BIN)/python -m docker.check

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache* .coverage .hypothesis

.venv/run.stamp: requirements.lock $(BIN)/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# pyscard is there as source only.
.venv/reader.stamp: requirements-reader.lock .venv/run.stamp
	@{ [ -e /usr/include/PCSC/winscard.h ] && command -v gcc >/dev/null && $(BIN)/python -c $(HAS_HEADERS); } \
		|| $(call install,gcc libc6-dev python3-dev libpcsclite-dev)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-reader.lock
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
