# make run     the whole hotline, until Ctrl-C        make phone   a telephone in this terminal, for the running hotline
# make reader  this machine's card reader, for the kiosk or the counter that its browser shows
# make test    every test                             make bench   how fast and how large
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

# $(call tried,HOW,WHICH) runs tests side by side. Real phones and browsers miss their moment where the machine is too busy:
# what failed is named, and tried once more with nothing beside it. A fault fails there, too.
tried = { $(BIN)/python -m pytest $(1) $(2) || { echo "FAILED AT FIRST (above), now once more by itself:"; \
	$(BIN)/python -m pytest -v --last-failed --last-failed-no-failures none $(2); }; }

.PHONY: run phone reader test bench mutants docker-check clean

run: .venv/run.stamp
	@exec $(BIN)/python run.py

phone: .venv/run.stamp
	@exec $(BIN)/python -m agi phone

reader: .venv/reader.stamp
	@[ -x /usr/sbin/pcscd ] || command -v pcscd >/dev/null || $(call install,pcscd)
	@exec $(BIN)/python -m web.reader

test: .venv/test.stamp
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || $(call install,postgresql) || true
	@{ command -v chromium && ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc; } >/dev/null 2>&1 \
		|| $(call install,chromium fonts-noto-cjk) || true
	@ls /usr/lib/pcsc/drivers/serial/libifdvpcd.so >/dev/null 2>&1 || $(call install,vsmartcard-vpcd) || true
	@$(MAKE) --no-print-directory .venv/reader.stamp || true
	$(BIN)/ruff check .
	# The telephone by itself: what is said there is said in real time, and a busy machine loses sound.
	@$(call tried,-n 4 --dist loadfile,tests/telephony); heard=$$?; \
	$(call tried,-n 2 --dist loadfile --no-loadscope-reorder,--ignore=tests/telephony) && exit $$heard

bench: .venv/test.stamp
	@exec $(BIN)/python -m tests.load $(SECTIONS)

# Others than last time: make mutants MUTANTS="--seed 2 --paths web/security.py"
mutants: .venv/test.stamp
	@exec $(BIN)/python -m tests.mutants $(MUTANTS)

docker-check: .venv/test.stamp
	@docker version >/dev/null 2>&1 || command -v debootstrap >/dev/null || $(call install,debootstrap)
	@exec $(BIN)/python -m docker.check

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis

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
