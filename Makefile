# Verbs for people; CMake does the work (CMakePresets.json). The two that a
# newcomer needs are `make demo` and `make test`: they install what is missing.
BUILD := cmake --build

.PHONY: all setup demo test asan fuzz cover lint fmt bench bench-peers damage install clean

all: build/release/telassay

build/release/telassay: setup
	@cmake --preset release >build/release.log || (cat build/release.log; false)
	$(BUILD) build/release

setup:
	@mkdir -p build
	@tools/setup build

demo: all
	@tools/demo.sh build/release/telassay

test: setup
	@tools/setup test
	@cmake --preset dev >build/dev.log || (cat build/dev.log; false)
	$(BUILD) build/dev
	@tools/run-tests build/dev

asan: setup
	@tools/setup test
	@cmake --preset asan >build/asan.log || (cat build/asan.log; false)
	$(BUILD) build/asan
	@tools/run-tests build/asan

# make fuzz T=format_plist_bin SECONDS=60
SECONDS ?= 60
fuzz: setup
	@tools/setup test
	@cmake --preset fuzz >build/fuzz.log || (cat build/fuzz.log; false)
	$(BUILD) build/fuzz --target fuzz_$(T)
	@tools/fuzz build/fuzz $(T) $(SECONDS)

cover: setup
	@tools/setup test
	@tools/cover

lint: all
	@tools/setup test
	@tools/lint build/release/telassay

fmt:
	clang-format -i src/*/*.[ch] tests/unit/*/*.[ch] tests/unit/*.h fuzz/*.c

bench: all
	@tools/setup test
	@bench/run build/release/telassay

bench-peers: all
	@tools/setup test
	@bench/peers build/release/telassay

damage: setup
	@tools/setup test
	@cmake --preset release >build/release.log || (cat build/release.log; false)
	$(BUILD) build/release
	@tests/damage/plant_damage.py --cases 1000 build/release/telassay

install: all
	cmake --install build/release

clean:
	rm -rf build
