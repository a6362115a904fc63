# make test  runs what CI runs; as root on Debian it installs the servers the tests talk to.
# Without a C compiler the race detector cannot run; then it says so and tests without it.
# Tests against collections of mail look for them where REPLYBY_CORPORA says, else in ../shared/data/corpora, and skip without.

GO ?= go
PKGS ?= ./...
RACE := $(shell command -v gcc >/dev/null 2>&1 && echo -race)
export CGO_ENABLED := $(if $(RACE),1,0)

.PHONY: test test-long torture vet servers build fuzz bench bench-peers bench-large bench-sending bench-big latency generate mutants

# What starts no goroutine (arch_test.go knows) is tested without the race detector, which makes everything six times as slow: it is in the
# programs under test elsewhere, and two people decide at once beneath it.
SINGLE := classifier config contract desk evidence letter mailparse sla store/bolt/faults ticket
single := ^replyby/($(shell echo $(SINGLE) | tr ' ' '|'))(/|$$$$)

# Of stories told a hundred ways a part is told under the race detector. All are told by the plays, two at a time.
PLAYS := play-desk play-faults play-kills play-octets play-single play-laws
.PHONY: $(PLAYS)

test: servers vet
	@test -n "$(RACE)" || echo "make: no C compiler found, testing without the race detector"
	$(GO) test $(RACE) -short -shuffle=on -timeout 30m $$($(GO) list $(PKGS) | grep -Ev '$(single)')
	$(GO) test $(RACE) -short ./desk -run 'AtOnce|PreparedAhead'
	@$(MAKE) --no-print-directory -j2 -O $(PLAYS)

$(PLAYS): export CGO_ENABLED := 0

play-desk:
	$(GO) test ./desk -years=100 -robots=120 -timeout 30m

play-faults:
	$(GO) test ./store/bolt/faults -images=100000 -every=8 -timeout 30m -v

play-kills:
	$(GO) test ./cmd/replyby/e2e/kill ./cmd/replyby/e2e/sending -timeout 30m

# But for the two that have plays of their own.
play-single:
	$(GO) test -shuffle=on -timeout 30m $$($(GO) list $(PKGS) | grep -E '$(single)' | grep -Ev '^replyby/(desk|store/bolt/faults)$$')

play-laws:
	$(GO) test ./sla -run TestLaws -rapid.checks=10000 -timeout 30m

play-octets:
	$(GO) test ./imapwatch -run 'EveryOctet|Endless'
	$(GO) test ./cmd/replyby/office -run TestCutIntake -count=1 -every -v

vet:
	@fmt=$$(gofmt -l .); test -z "$$fmt" || { echo "make: not formatted:"; echo "$$fmt"; exit 1; }
	$(GO) vet $(PKGS)
	$(GO) tool staticcheck $(PKGS)

servers:
	@sh scripts/servers.sh

build:
	$(GO) build -trimpath -o replyby ./cmd/replyby

# The laws of business time against a second-by-second oracle, a million cases each; take a coffee, or two.
test-long: vet
	$(GO) test ./sla -run TestLaws -rapid.checks=1000000 -timeout 6h

# What `make test` does in minutes, for hours: kills at every point of the story, a second client in the mailbox, power cuts, every failed
# write and sync, every damaged page, a thousand years.
torture: servers
	CGO_ENABLED=0 $(GO) test ./cmd/replyby/e2e/kill -kills=10000 -timeout 2h -v
	CGO_ENABLED=0 $(GO) test ./cmd/replyby/office -run TestChaos -operations=10000 -timeout 1h -v
	CGO_ENABLED=0 $(GO) test ./store/bolt -run Kill -kills=1000 -timeout 1h -v
	CGO_ENABLED=0 $(GO) test ./store/bolt/faults -images=1000000 -every=1 -bits=40 -timeout 2h -v
	CGO_ENABLED=0 $(GO) test ./desk -run TestYears -years=1000 -timeout 4h -v
	CGO_ENABLED=0 $(GO) test ./desk -run TestRobots -robots=365 -timeout 1h -v

# From the server's EXISTS, and from delivery, to the committed ticket, a thousand times, against Dovecot with IDLE, beside a bare socket.
DELIVERIES ?= 1000
latency: servers
	REPLYBY_LATENCY=$(DELIVERIES) $(GO) test ./cmd/replyby/e2e -run TestLatency -count=1 -v

# A backlog of COUNT mails taken in by the real program, beside mbsync, fetchmail, getmail and a bare socket, from one Dovecot.
COUNT ?= 20000
bench-peers: servers
	@sh scripts/peers.sh
	REPLYBY_PEERS=$(COUNT) $(GO) test ./cmd/replyby/e2e -run TestPeers -count=1 -timeout 1h -v | grep -v level=

# One mail of LARGE MB taken in by the real program: what memory that takes.
LARGE ?= 50
bench-large: servers
	REPLYBY_LARGE=$(LARGE) $(GO) test ./cmd/replyby/e2e -run TestLarge -count=1 -v | grep -v level=

# A store of TICKETS tickets: how fast it opens, beats and writes the digest, and what memory that takes. KEPT is a folder in which it stays
# for the next time: open tickets come due, so for a day or two.
TICKETS ?= 1000000
bench-big: servers
	REPLYBY_TICKETS=$(TICKETS) REPLYBY_KEPT=$(KEPT) $(GO) test ./cmd/replyby/e2e -run TestBig -count=1 -timeout 1h -v | grep -v level=

# A thousand approved letters over one connection, each recorded on disk before and after.
bench-sending:
	REPLYBY_LETTERS=1000 $(GO) test ./cmd/replyby/office -run TestSendMany -count=1 -v

# The generated pages and examples; the tests compare them.
generate:
	$(GO) test ./config ./ticket ./letter ./desk/reply -run 'Example|States|Golden|Generated|Language' -update

# Every fuzz target for FUZZTIME each.
FUZZTIME ?= 30s
fuzz:
	@for p in $$($(GO) list $(PKGS)); do \
	  for f in $$($(GO) test $$p -list '^Fuzz' | grep '^Fuzz'); do \
	    echo "== $$p $$f"; $(GO) test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) || exit 1; \
	  done; done

bench:
	$(GO) test $(PKGS) -run '^$$' -bench . -benchmem

# Plants known mistakes and demands that the test each of them names turns red.
mutants: servers
	$(GO) run ./mutants
