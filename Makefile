# limberd. `make help` lists what can be made.
VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
FLAVOUR ?= release
ifeq ($(origin CC),default)
CC := $(shell command -v ccache) cc
endif
CLANG ?= $(shell command -v ccache) clang
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

SHARE    = $(PREFIX)/share/limberd
PACKAGES := libwebsockets json-c sqlite3 inih yaml-0.1 libcrypto
LIBS      = $(shell pkg-config --libs $(PACKAGES)) -lunistring -lm -pthread

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wundef -Wformat=2 -Wvla
LANG_FLAGS := -std=c17 -D_GNU_SOURCE -DLIMBERD_VERSION='"$(VERSION)"' -Ibot -I.
BASE := $(LANG_FLAGS) -MMD -MP -ffile-prefix-map=$(CURDIR)=. -g

CFLAGS_release  := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
CFLAGS_sanitize  := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_sanitize := -fsanitize=address,undefined
CFLAGS_fuzz  := $(CFLAGS_sanitize) -fsanitize=fuzzer-no-link
LDFLAGS_fuzz := -fsanitize=address,undefined
CFLAGS_coverage  := -O0 --coverage
LDFLAGS_coverage := --coverage

OUT     = $(BUILD)/$(FLAVOUR)
CFLAGS  = $(CFLAGS_$(FLAVOUR))
LDFLAGS = $(LDFLAGS_$(FLAVOUR))

SOURCES := $(sort $(filter-out bot/main.c,$(wildcard bot/*.c bot/*/*.c handlers/*.c)))
PAGE    := bot/platforms/webchat_page.S
OBJECTS  = $(SOURCES:%.c=$(OUT)/%.o) $(PAGE:%.S=$(OUT)/%.o)
UNITS   := $(sort $(wildcard tests/unit/test_*.c))
HELPERS := $(filter-out $(UNITS),$(wildcard tests/unit/*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
TALKS    = $(sort $(wildcard tests/talk/*.talk))
MANUAL  := $(BUILD)/limberd.1

.PHONY: all
all: $(OUT)/limberd ## the program: build/release/limberd (the default)

.PHONY: run
run: ## install what is missing, build, start the web chat and print your personal link
	@tests/deps.sh build
	@$(MAKE) --no-print-directory all
	@$(OUT)/limberd run

.PHONY: test
test: ## install what is missing, build, run every test
	@tests/deps.sh test
	@MAKE="$(MAKE)" tests/run.sh

# ---- the program ----

$(OUT)/limberd: $(OUT)/bot/main.o $(OUT)/liblimberd.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/liblimberd.a: $(OBJECTS)
	@rm -f $@
	@ar rcsD $@ $^

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(WARN) $(CFLAGS) -c -o $@ $<

# The chat page becomes bytes of the program
$(OUT)/%.o: %.S $(wildcard bot/platforms/web/*)
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

# The one object that knows where the program will be installed.
$(OUT)/bot/cmd.o: BASE += -DLIMBERD_SHARE='"$(SHARE)"'
$(OUT)/bot/cmd.o: $(OUT)/share.txt
$(OUT)/share.txt: FORCE
	@mkdir -p $(@D)
	@echo "$(SHARE)" | cmp -s - $@ || echo "$(SHARE)" >$@

.PHONY: FORCE
FORCE:

# ---- tests ----

.PHONY: units
units: $(UNITS:%.c=$(OUT)/%) ## the unit tests alone (FLAVOUR=sanitize to find more)
	@set -e; for t in $^; do echo "== $$t"; $$t; done

# One program for each tests/unit/test_*.c and tests/fuzz/fuzz_*.c
$(OUT)/tests/unit/test_%: $(OUT)/tests/unit/test_%.o $(HELPERS:%.c=$(OUT)/%.o) $(OUT)/liblimberd.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(BUILD)/fuzz/tests/fuzz/fuzz_%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.o $(BUILD)/fuzz/liblimberd.a
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

.SECONDARY:

# What tests/run.sh needs of one flavour.
.PHONY: test-programs fuzz-programs
test-programs: $(OUT)/limberd $(UNITS:%.c=$(OUT)/%)
fuzz-programs:
	@$(MAKE) --no-print-directory FLAVOUR=fuzz CC="$(CLANG)" $(FUZZERS:%.c=$(BUILD)/fuzz/%)

.PHONY: talk
talk: $(OUT)/limberd ## the talk files alone
	@$< talk $(TALKS)

FUZZ_SECONDS ?= 300
.PHONY: fuzz
fuzz: fuzz-programs ## look for crashes, FUZZ_SECONDS=300 each; finds are kept in build/fuzz/found
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh

.PHONY: bench
bench: $(BUILD)/release/tests/bench/bench_turns ## speed and memory, as a table
	@tests/bench/run.sh $<

$(OUT)/tests/bench/%: $(OUT)/tests/bench/%.o $(OUT)/liblimberd.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: coverage
coverage: ## which lines and branches the tests reach: build/coverage/html/index.html
	@$(MAKE) --no-print-directory FLAVOUR=coverage test-programs
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@tests/coverage.sh $(BUILD)/coverage

.PHONY: reproducible
reproducible: ## build twice in different places, compare the programs
	@tests/script/reproducible.sh

# ---- checks ----

TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(SOURCES) bot/main.c)

.PHONY: check
check: ## includes, format, static analysis, scripts
	@MAKE="$(MAKE)" tests/check/run.sh

.PHONY: check-tidy
check-tidy: $(TIDY)

# A stamp for each source; headers count through the compiler's own list.
$(BUILD)/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet --warnings-as-errors='*' $< -- $(LANG_FLAGS) >$(@:.ok=.log) 2>&1 || \
		{ grep -A 2 -E 'error:|warning:' $(@:.ok=.log); exit 1; }
	@$(CC) $(LANG_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@

.PHONY: format
format: ## clang-format on all sources
	clang-format -i $$(git ls-files '*.c' '*.h')

# ---- installing ----

$(MANUAL): docs/limberd.1.scd
	@mkdir -p $(@D)
	scdoc <$< >$@

.PHONY: install
install: all $(MANUAL) ## program, prompts, manual page, example, service unit (PREFIX=, DESTDIR=)
	install -Dm755 $(OUT)/limberd $(DESTDIR)$(PREFIX)/bin/limberd
	install -Dm644 $(MANUAL) $(DESTDIR)$(PREFIX)/share/man/man1/limberd.1
	install -Dm644 config.example.ini $(DESTDIR)$(SHARE)/config.example.ini
	find prompts -type f | while read -r f; do install -Dm644 $$f $(DESTDIR)$(SHARE)/$$f; done
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|g' docs/limberd.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/limberd.service

.PHONY: deps
deps: ## install what is missing to build and to test (Debian 12, as root)
	@tests/deps.sh test

.PHONY: clean
clean: ## remove everything that was made
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r target text; do printf '%-20s %s\n' "$$target" "$$text"; done

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')
