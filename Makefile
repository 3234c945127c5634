# make          what is to be installed; it runs from there
# make stage    an installation in .build/stage, to try
# make demo     a first result on a real log with injected faults, into ./demo
# make install  library, header and command into PREFIX
# make check    all tests

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=

STAGE := $(CURDIR)/.build/stage
WORK := $(CURDIR)/.build/check
CLI := $(CURDIR)/.build/cli
BIN := $(CLI)/release
PYTHON := $(CURDIR)/.build/python/bin/python
# A Python that has PyTorch, for the comparison with it; without PyTorch that comparison says that it was skipped.
TORCH_PYTHON ?= $(PYTHON)
D = $(DESTDIR)$(abspath $(PREFIX))

# What the library needs to be built, and what the tests need beside it (Debian's names).
PACKAGES := libjson-c-dev libpcre2-dev zlib1g-dev pkg-config gcc g++ binutils python3
CHECK_PACKAGES := $(PACKAGES) python3-venv

# An environment without Swift and without this checkout: what a user of the installed files has.
BARE := env -i PATH=/usr/bin:/bin HOME=/nonexistent LANG=C.UTF-8
FLAGS = $$($(BARE) PKG_CONFIG_PATH=$(STAGE)/lib/pkgconfig pkg-config --cflags --libs birchlog)
STRICT := -Wall -Wextra -Wpedantic -Werror
RUN := $(BARE) LD_LIBRARY_PATH=$(STAGE)/lib
SESSION := req-[0-9a-f]{8}
CORPUS := examples/corpus/postgresql
# PostgreSQL's session id, %c of log_line_prefix.
CONNECTION := \] ([0-9a-f]{8}\.[0-9a-f]+)

.DEFAULT_GOAL := all
.NOTPARALLEL:
.PHONY: all build deps check-deps stage demo lint check check-swift check-installed check-python check-cli check-asan install clean

# The command's package has the library as a product: one build gives both.
all: build
	@echo "Built. It runs once installed: 'make install PREFIX=/usr/local', or 'make stage' for .build/stage/bin/birchlog."

build:
	@if [ birchlog.map -nt $(BIN)/libbirchlog.so ]; then rm -f $(BIN)/libbirchlog.so; fi
	swift build -c release --package-path Sources/birchlog-cli --scratch-path $(CLI) --static-swift-stdlib \
	  --disable-local-rpath --explicit-target-dependency-import-check error

# Asks for root's help only when something is missing.
define require
	@missing=""; \
	for package in $(1); do \
	  [ "$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if ! command -v apt-get >/dev/null; then \
	    echo "Not checked, because this is not Debian:$$missing"; \
	  else \
	    sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y $$missing || exit 1; \
	  fi; \
	fi; \
	command -v swift >/dev/null || { echo "Swift 6.3 or later is needed: https://www.swift.org/install/linux/"; exit 1; }
endef

deps:
	$(call require,$(PACKAGES))

check-deps:
	$(call require,$(CHECK_PACKAGES))

install: deps build
	install -d $(D)/bin $(D)/lib/pkgconfig $(D)/include
	install -s -m 755 $(BIN)/libbirchlog.so $(D)/lib/libbirchlog.so.$(VERSION)
	ln -sf libbirchlog.so.$(VERSION) $(D)/lib/libbirchlog.so.0
	ln -sf libbirchlog.so.0 $(D)/lib/libbirchlog.so
	install -s -m 755 $(BIN)/birchlog-cli $(D)/bin/birchlog
	install -m 644 include/birchlog.h $(D)/include/birchlog.h
	install -d $(D)/share/man/man1 $(D)/share/bash-completion/completions $(D)/share/zsh/site-functions $(D)/share/fish/vendor_completions.d
	$(D)/bin/birchlog options --json > $(CLI)/options.json
	$(D)/bin/birchlog --experimental-dump-help > $(CLI)/commands.json
	python3 scripts/make_manual.py --options $(CLI)/options.json --version $(VERSION) < $(CLI)/commands.json > $(D)/share/man/man1/birchlog.1
	$(D)/bin/birchlog --generate-completion-script bash > $(D)/share/bash-completion/completions/birchlog
	$(D)/bin/birchlog --generate-completion-script zsh > $(D)/share/zsh/site-functions/_birchlog
	$(D)/bin/birchlog --generate-completion-script fish > $(D)/share/fish/vendor_completions.d/birchlog.fish
	sed -e 's|@PREFIX@|$(abspath $(PREFIX))|' -e 's|@VERSION@|$(VERSION)|' birchlog.pc.in > $(D)/lib/pkgconfig/birchlog.pc

stage:
	@$(MAKE) --no-print-directory install PREFIX=$(STAGE) DESTDIR=

demo: stage
	rm -rf demo && mkdir demo
	@echo
	@echo "The log is real: a PostgreSQL server under load, with fourteen kinds of fault injected. See examples/corpus/README.md."
	$(STAGE)/bin/birchlog train --normal $(CORPUS)/normal.log.gz $(CORPUS)/mixed.log.gz --session '$(CONNECTION)' -o demo/postgresql.birchlog
	$(STAGE)/bin/birchlog classify -m demo/postgresql.birchlog --json $(CORPUS)/mixed.log.gz > demo/findings.jsonl
	$(STAGE)/bin/birchlog eval -m demo/postgresql.birchlog --truth $(CORPUS)/truth.csv --table $(CORPUS)/mixed.log.gz
	$(STAGE)/bin/birchlog report -m demo/postgresql.birchlog --truth $(CORPUS)/truth.csv $(CORPUS)/mixed.log.gz -o demo/report.html
	@echo
	@echo "Log and truth: $(CORPUS). Model: demo/postgresql.birchlog. Findings: demo/findings.jsonl. Report: demo/report.html."

check: check-deps lint check-swift check-installed check-python check-cli

lint:
	swift format lint --strict --recursive Package.swift Sources Tests benchmarks/sequence/Package.swift benchmarks/sequence/Sources
	! grep -rnE '^ *(@[A-Za-z]+ )*import (LogText|SequenceModel|Birch[A-Za-z]*|SIMDKernels)$$' Sources/birchlog-cli
	! grep -rnE '^ *(@[A-Za-z]+ )*import Foundation' Sources --include='*.swift' --exclude-dir=birchlog-cli

check-swift:
	swift test --disable-xctest

check-asan:
	swift test --disable-xctest --sanitize=address --scratch-path .build-asan

check-installed: stage
	rm -rf $(WORK) && mkdir -p $(WORK)
	set -e; for source in Tests/C/*.c; do \
	  name=$$(basename $$source .c); mkdir $(WORK)/$$name-files; \
	  $(BARE) gcc -std=c99 $(STRICT) $$source -o $(WORK)/$$name $(FLAGS) -pthread; \
	  echo "Tests/C/$$name.c"; $(RUN) $(WORK)/$$name $(WORK)/$$name-files; \
	done
	set -e; for source in Tests/C/*.cpp; do \
	  name=$$(basename $$source .cpp)-cpp; mkdir $(WORK)/$$name-files; \
	  $(BARE) g++ -std=c++17 $(STRICT) $$source -o $(WORK)/$$name $(FLAGS) -pthread; \
	  echo "Tests/C/$$name"; $(RUN) $(WORK)/$$name $(WORK)/$$name-files; \
	done
	$(BARE) gcc -std=c99 $(STRICT) examples/c/agent.c -o $(WORK)/agent-c $(FLAGS)
	$(BARE) g++ -std=c++17 $(STRICT) examples/cpp/agent.cpp -o $(WORK)/agent-cpp $(FLAGS)
	sh Tests/C/exports.sh $(STAGE)/lib/libbirchlog.so.0 $(STAGE)/include/birchlog.h
	! readelf -d $(STAGE)/bin/birchlog | grep -E 'NEEDED.*[sS]wift|NEEDED.*Foundation'
	! readelf -d $(STAGE)/lib/libbirchlog.so | grep -E 'RUNPATH|RPATH'
	readelf -d $(STAGE)/bin/birchlog | grep -F 'NEEDED' | grep -F 'libbirchlog.so.0'
	readelf -d $(STAGE)/bin/birchlog | grep -F 'Library runpath: [$$ORIGIN/../lib]'
	python3 Tests/simulated/simulate.py --out $(WORK) --seed 7
	$(BARE) $(STAGE)/bin/birchlog train --quiet --normal $(WORK)/normal.log $(WORK)/mixed.log --session '$(SESSION)' \
	  --option hidden_size=32 --option epochs=10 -o $(WORK)/shop.birchlog
	$(RUN) $(WORK)/agent-c $(WORK)/shop.birchlog < $(WORK)/mixed.log > $(WORK)/agent-c.out
	$(RUN) $(WORK)/agent-cpp $(WORK)/shop.birchlog < $(WORK)/mixed.log > $(WORK)/agent-cpp.out
	test -s $(WORK)/agent-c.out && test -s $(WORK)/agent-cpp.out

# The binding is installed into an environment of its own, as a user would install it.
check-python: check-installed
	test -x $(PYTHON) || python3 -m venv $(dir $(PYTHON))..
	$(PYTHON) -m pip install --quiet --disable-pip-version-check ./bindings/python numpy safetensors
	$(BARE) BIRCHLOG_LIBRARY=$(STAGE)/lib/libbirchlog.so $(PYTHON) -m unittest discover -s bindings/python/tests
	$(BARE) BIRCHLOG_LIBRARY=$(STAGE)/lib/libbirchlog.so $(PYTHON) examples/python/agent.py $(WORK)/shop.birchlog \
	  < $(WORK)/mixed.log > $(WORK)/agent-py.out
	$(BARE) python3 examples/python/ctypes_minimal.py $(STAGE)/lib/libbirchlog.so.0 $(WORK)/shop.birchlog \
	  < $(WORK)/mixed.log > $(WORK)/ctypes.out
	test -s $(WORK)/agent-py.out && test -s $(WORK)/ctypes.out
	$(BARE) $(PYTHON) Tests/safetensors/check_model.py $(WORK)/shop.birchlog
	$(BARE) BIRCHLOG_LIBRARY=$(STAGE)/lib/libbirchlog.so $(TORCH_PYTHON) Tests/parity/printed_classes.py

check-cli: stage
	$(BARE) BIRCHLOG=$(STAGE)/bin/birchlog BIRCHLOG_DATA="$(BIRCHLOG_DATA)" python3 -m unittest discover -s Tests/cli -t Tests/cli

clean:
	rm -rf .build .build-* demo
