# SPDX-License-Identifier: Apache-2.0
#
# make            build/geophone, geophone-dashboard  make check     all tests, as ./scripts/check runs them
# make unit       unit tests; one: make unit T=dns    make golden    end-to-end tests on generated captures
# make asan       unit + golden, ASan and UBSan       make tsan      unit + golden, ThreadSanitizer
# make fuzz       each fuzz target, SECONDS=20 each   make lint      format, clang-tidy, layers, shellcheck
# make work       how work grows with the input       make fuzz-merge  makes the fuzzers' corpora smaller
# make format     clang-format everything             make install   into DESTDIR and PREFIX
# make bench      what a packet costs, in ratios      make deb       a Debian package, into build/deb
# make budget     instructions per packet of each stage, against their budget
# make tunnels    captures wrapped in tunnels give the same events
# make docs       docs/configuration.md and docs/geophone.yaml, from the table of settings
#
# CFLAGS, LDFLAGS, CC are yours; what the program needs is added. WERROR= lets warnings pass, LTO= builds each file for
# itself. NDPI=no builds without nDPI, REDIS_TLS=no without TLS to Redis (which needs hiredis 1.x).

CC      ?= gcc
CFLAGS  ?= -O3 -g
# The sensor is one piece to the compiler; all else links the same objects file by file, which is quicker. With -O3 that is 7 %
# fewer instructions a packet than -O2 file by file.
LTO     ?= $(if $(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects)
# gcc clears and copies structs of a hundred bytes by `rep stos` and `rep movs`, which take the processor some 30 cycles to begin: up to
# 512 bytes by moves of 16 instead take 4 % off small packets. Of gcc for x86 only.
MOVES   := vector_loop:512:noalign,libcall:-1:noalign
MOVES   := -mmemset-strategy=$(MOVES) -mmemcpy-strategy=$(MOVES)
MOVES   := $(shell $(CC) $(MOVES) -E -x c /dev/null >/dev/null 2>&1 && echo '$(MOVES)')
PREFIX  ?= /usr/local
BUILD   ?= build
WERROR  ?= -Werror
NDPI    ?= $(if $(shell pkg-config --exists libndpi && echo yes),yes,no)
REDIS_TLS ?= $(if $(shell pkg-config --exists 'hiredis >= 1.0' hiredis_ssl openssl && echo yes),yes,no)
SECONDS ?= 20
VERSION := $(shell cat VERSION)

LIBRARIES := libpcap libmaxminddb hiredis libmicrohttpd yaml-0.1 zlib libzstd json-c libseccomp libcap-ng $(if $(filter yes,$(NDPI)),libndpi) \
             $(if $(filter yes,$(REDIS_TLS)),hiredis_ssl openssl)
# libgcrypt ships libgcrypt.pc; libmaxminddb and hiredis put their headers into /usr/include
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) libgcrypt)
PKG_LIBS   := $(shell pkg-config --libs $(LIBRARIES) libgcrypt)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wundef -Wvla \
            -Wcast-qual -Wpointer-arith -Wformat=2 -Wconversion -Wno-sign-conversion $(WERROR)
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -DGEOPHONE_VERSION='"$(VERSION)"' $(WARNINGS) -Isrc $(subst -I,-isystem ,$(PKG_CFLAGS)) \
              -fstack-protector-strong -fno-strict-overflow -pthread $(MOVES) $(CFLAGS)
ALL_LIBS := $(PKG_LIBS) -lm -pthread

ENGINE  := src/inspect/application_$(if $(filter yes,$(NDPI)),ndpi,plain).c src/redis/redis_tls_$(if $(filter yes,$(REDIS_TLS)),openssl,none).c
SOURCES := $(filter-out src/main.c src/dashboard/main.c src/inspect/application_ndpi.c src/inspect/application_plain.c src/redis/redis_tls_%.c,$(wildcard src/*.c src/*/*.c src/*/*/*.c)) $(ENGINE)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_$(if $(T),$(T),*).c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all check unit golden tunnels asan tsan fuzz fuzz-merge work lint docs format install clean bench floods budget deb

all: $(BUILD)/geophone $(BUILD)/geophone-dashboard

$(BUILD)/geophone: $(BUILD)/src/main.o $(BUILD)/libgeophone.a
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $(if $(LTO),$(LTO) -Wno-error) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/geophone-dashboard: $(BUILD)/src/dashboard/main.o $(BUILD)/libgeophone.a
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libgeophone.a: $(OBJECTS)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@echo "  CC    $<"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(LTO) -MMD -MP -c -o $@ $<

# a change of flags rebuilds
$(BUILD)/flags: FORCE
	@mkdir -p $(BUILD)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(LTO) $(ENGINE)' | cmp -s - $@ || echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(LTO) $(ENGINE)' > $@
FORCE:

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libgeophone.a
	@echo "  CC    $<"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(if $(LTO),-fno-lto) -Itests/unit -MMD -MP -MF $@.d -o $@ $< $(BUILD)/libgeophone.a -lcmocka $(ALL_LIBS)

# how work grows with the input: what is counted is compiled once more, with a counter in each basic block
WORK_CFLAGS  := $(ALL_CFLAGS) -O1 -fno-builtin
WORK_OBJECTS := $(SOURCES:%.c=$(BUILD)/work/%.o)
WORK_TESTS   := $(patsubst tests/work/%.c,$(BUILD)/tests/work/%,$(wildcard tests/work/test_*.c))
WORK_WRAPPED := memcpy memmove memset memcmp memchr strlen strnlen strchr strstr strcmp strncmp strcasecmp strncasecmp strspn \
                strcspn realloc calloc
comma := ,

$(BUILD)/work/%.o: %.c $(BUILD)/flags
	@echo "  CC    $< (counted)"
	@mkdir -p $(@D)
	@$(CC) $(WORK_CFLAGS) -fsanitize-coverage=trace-pc -MMD -MP -c -o $@ $<

$(BUILD)/work/libgeophone.a: $(WORK_OBJECTS)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/work/%: tests/work/%.c tests/work/count.c $(BUILD)/work/libgeophone.a
	@echo "  CC    $<"
	@mkdir -p $(@D)
	@$(CC) $(WORK_CFLAGS) $(WORK_WRAPPED:%=-Wl$(comma)--wrap=%) -MMD -MP -MF $@.d -o $@ $< tests/work/count.c \
	    $(BUILD)/work/libgeophone.a -lcmocka $(ALL_LIBS)

work: $(WORK_TESTS)
	@scripts/run-unit-tests $(WORK_TESTS)

unit: $(TESTS)
	@scripts/run-unit-tests $(TESTS)

tunnels: $(BUILD)/geophone
	@scripts/run-tunnel-tests $(BUILD)/geophone

golden: $(BUILD)/geophone
	@scripts/run-golden-tests $(BUILD)/geophone

check:
	@./scripts/check

asan:
	@$(MAKE) --no-print-directory BUILD=build/asan LTO= CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" all unit golden

tsan:
	@$(MAKE) --no-print-directory BUILD=build/tsan LTO= CFLAGS="-O1 -g -fsanitize=thread" all unit golden

# libFuzzer needs clang; what is fuzzed is compiled once, instrumented, and linked to each target
FUZZ_CC     := $(if $(findstring ccache,$(CC)),ccache) clang
FUZZ_CFLAGS := $(filter-out -Werror $(MOVES),$(ALL_CFLAGS)) -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_OBJECTS := $(SOURCES:%.c=$(BUILD)/fuzz/objects/%.o)

$(BUILD)/fuzz/objects/%.o: %.c $(BUILD)/flags
	@echo "  CC    $< (fuzz)"
	@mkdir -p $(@D)
	@$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/libgeophone.a: $(FUZZ_OBJECTS)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/fuzz/libgeophone.a
	@echo "  FUZZ  $@"
	@clang $(FUZZ_CFLAGS) -fsanitize=fuzzer,address,undefined -MMD -MP -MF $@.d -o $@ $< $(BUILD)/fuzz/libgeophone.a $(ALL_LIBS)

fuzz: $(FUZZERS)
	@scripts/run-fuzzers --seconds $(SECONDS) $(FUZZERS)

# the corpora in build/fuzz without what other inputs of them reach as well
fuzz-merge: $(FUZZERS)
	@scripts/run-fuzzers --seconds 1 --merge $(FUZZERS)

lint:
	@scripts/lint

# BENCH holds arguments of scripts/bench
BENCH_SHARED := tests/bench/frames.c tests/bench/speech.c
BENCHERS     := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(filter-out $(BENCH_SHARED),$(wildcard tests/bench/*.c)))

$(BUILD)/bench/%: tests/bench/%.c $(BENCH_SHARED) $(wildcard tests/bench/*.h) $(BUILD)/flags
	@echo "  CC    $<"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(BENCH_SHARED) -lpcap

bench: $(BUILD)/geophone $(BENCHERS)
	@scripts/bench --build $(BUILD) $(BENCH)

# mining among floods of flows
floods: $(BUILD)/geophone $(BENCHERS)
	@tests/floods $(BUILD)/geophone

# the sensor not as one piece: each function is still that of its file
$(BUILD)/geophone-by-file: $(BUILD)/src/main.o $(BUILD)/libgeophone.a
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

budget: $(BUILD)/geophone-by-file $(BENCHERS)
	@scripts/budget --build $(BUILD)

# a sender for tests/live/mirror
$(BUILD)/tests/live/%: tests/live/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<

# what a fleet of sensors writes to Redis, for scripts/load-test
$(BUILD)/tests/load/%: tests/load/%.c $(BUILD)/libgeophone.a
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $< $(BUILD)/libgeophone.a $(ALL_LIBS)

deb:
	@scripts/make-deb

# what is made from the tables in the source
docs:
	@scripts/make-docs

format:
	@clang-format -i $(wildcard src/*.[ch] src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch])

install: $(BUILD)/geophone $(BUILD)/geophone-dashboard
	install -D -m 755 $(BUILD)/geophone $(DESTDIR)$(PREFIX)/bin/geophone
	install -d $(DESTDIR)$(PREFIX)/share/geophone/signatures/dialects
	install -m 644 $(filter-out signatures/dialects signatures/local-%,$(wildcard signatures/*)) $(DESTDIR)$(PREFIX)/share/geophone/signatures
	install -m 644 signatures/dialects/* $(DESTDIR)$(PREFIX)/share/geophone/signatures/dialects
	install -D -m 755 $(BUILD)/geophone-dashboard $(DESTDIR)$(PREFIX)/bin/geophone-dashboard
	install -d $(DESTDIR)$(PREFIX)/share/geophone/dashboard
	install -m 644 $(filter-out web/README.md,$(wildcard web/*.*)) $(DESTDIR)$(PREFIX)/share/geophone/dashboard
	install -D -m 644 docs/geophone.8 $(DESTDIR)$(PREFIX)/share/man/man8/geophone.8
	install -m 644 docs/geophone-dashboard.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -D -m 644 docs/geophone.yaml $(DESTDIR)$(PREFIX)/share/doc/geophone/geophone.yaml
	install -D -m 644 completions/geophone.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/geophone

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(BUILD)/src/main.d $(BUILD)/src/dashboard/main.d $(TESTS:=.d) $(FUZZ_OBJECTS:.o=.d) $(FUZZERS:=.d) \
    $(WORK_OBJECTS:.o=.d) $(WORK_TESTS:=.d)
