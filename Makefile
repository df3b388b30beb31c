# limberd: make help
VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CC      ?= cc
FLAVOUR ?= release

PACKAGES := libwebsockets libcurl json-c sqlite3 inih yaml-0.1 libcrypto
LIBS      = $(shell pkg-config --libs $(PACKAGES)) -lunistring -lm -pthread

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wundef -Wformat=2 -Wvla
BASE := -std=c17 -D_GNU_SOURCE -DLIMBERD_VERSION='"$(VERSION)"' -Ibot -I. -MMD -MP \
	-ffile-prefix-map=$(CURDIR)=. -g

CFLAGS_release  := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
CFLAGS_sanitize  := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_sanitize := -fsanitize=address,undefined
CFLAGS_coverage  := -O0 --coverage
LDFLAGS_coverage := --coverage

OUT     = $(BUILD)/$(FLAVOUR)
CFLAGS  = $(CFLAGS_$(FLAVOUR))
LDFLAGS = $(LDFLAGS_$(FLAVOUR))

SOURCES := $(filter-out bot/main.c,$(wildcard bot/*.c bot/*/*.c handlers/*.c))
OBJECTS  = $(SOURCES:%.c=$(OUT)/%.o)
UNITS   := $(wildcard tests/unit/test_*.c)
HELPERS := $(filter-out $(UNITS),$(wildcard tests/unit/*.c))

.PHONY: all
all: $(OUT)/limberd

$(OUT)/limberd: $(OUT)/bot/main.o $(OUT)/liblimberd.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/liblimberd.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(WARN) $(CFLAGS) -c -o $@ $<

# Unit tests: one program for each tests/unit/test_*.c
$(OUT)/tests/unit/test_%: $(OUT)/tests/unit/test_%.o $(HELPERS:%.c=$(OUT)/%.o) $(OUT)/liblimberd.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

.PHONY: units
units: $(UNITS:%.c=$(OUT)/%)
	@set -e; for t in $^; do echo "== $$t"; $$t; done

.PHONY: format
format:
	clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')
