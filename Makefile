# make test  runs what CI runs; as root on Debian it installs the servers the tests talk to.
# Without a C compiler the race detector cannot run; then it says so and tests without it.

GO ?= go
PKGS ?= ./...
RACE := $(shell command -v gcc >/dev/null 2>&1 && echo -race)
export CGO_ENABLED := $(if $(RACE),1,0)

.PHONY: test vet servers build cover fuzz bench generate test-long

test: servers vet
	@test -n "$(RACE)" || echo "make: no C compiler found, testing without the race detector"
	$(GO) test $(RACE) -shuffle=on -timeout 30m $(PKGS)

vet:
	@fmt=$$(gofmt -l .); test -z "$$fmt" || { echo "make: not formatted:"; echo "$$fmt"; exit 1; }
	$(GO) vet $(PKGS)
	$(GO) tool staticcheck $(PKGS)

servers:
	@sh scripts/servers.sh

build:
	$(GO) build -trimpath -o replyby ./cmd/replyby

# The generated pages and examples; CI compares them.
generate:
	$(GO) test ./config ./ticket ./letter/... -run 'Generated|Example|States|Golden' -update

# Every fuzz target for FUZZTIME each.
FUZZTIME ?= 30s
fuzz:
	@for p in $$($(GO) list $(PKGS)); do \
	  for f in $$($(GO) test $$p -list '^Fuzz' | grep '^Fuzz'); do \
	    echo "== $$p $$f"; $(GO) test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; \
	  done; done

bench:
	$(GO) test $(PKGS) -run '^$$' -bench . -benchmem
