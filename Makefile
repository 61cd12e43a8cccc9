# make alone lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help build demo test lint interop interop-core bench mutants mutants-core mutants-contract sim faults model proto gen-check fuzz full full-tests clean \
        contracts contracts-check forge invariants gas gas-update

GO    ?= go
BIN   := bin
CONTRACTS := adjudicator/evm/contracts
RACED := ./channeldb/... ./router/... ./internal/enforce/... ./internal/node/... ./internal/peer/... ./internal/chain/... \
         ./internal/onion/... ./internal/signer/... ./lnrpc/... \
         ./internal/tor/... ./internal/metrics/... ./internal/health/... ./internal/systemd/... ./internal/ethereum/...

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  %-14s %s\n", $$1, $$2}'

build: ## build nwnd, nwcli and btcd into bin/
	@mkdir -p $(BIN)
	$(GO) build -o $(BIN)/ ./cmd/nwnd ./cmd/nwcli
	$(GO) build -o $(BIN)/btcd github.com/btcsuite/btcd

demo: build ## five nodes, payments in bitcoin and points, a crash, cheaters and audits on real chains
	$(BIN)/nwnd demo

test: ## all tests, with the race detector on what is concurrent
	$(GO) test -timeout 30m $$($(GO) list ./... | grep -v -F "$$($(GO) list $(RACED))")
	$(GO) test -timeout 30m -race $(RACED)

lint: ## formatting, vet and staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w'; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

interop: build ## every scenario with a real lnd
	$(GO) run ./interop

interop-core: build ## the scenarios that the gate runs
	$(GO) run ./interop -core

bench: build ## nwnd beside lnd on this machine, as ratios; kills; mainnet's graph; a million payments
	$(GO) run ./bench

fuzz: ## every fuzzer for a minute (FUZZTIME=5m for longer)
	@for pkg in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "fuzz $$pkg $$f"; $(GO) test $$pkg -run xxx -fuzz "^$$f\$$" -fuzztime $${FUZZTIME:-1m} -fuzzminimizetime 10x || exit 1; \
		done; \
	done

mutants: ## seeded faults in the channel core, and no defence against attacks: each must be caught
	$(GO) run ./internal/mutants

mutants-core: ## the seeded faults that the gate tries
	$(GO) run ./internal/mutants -narrow -run '^((data-loss-unnoticed|reserve-spent|signature-unchecked|resend-order-lost|failed-after-fulfilled|dust-unbounded)$$|(01|13|17|23|31|32)-)'

mutants-contract: $(CONTRACTS)/node_modules ## no rule of the adjudicator contract: each must be caught in the EVM (needs node)
	$(GO) run ./internal/mutants -contracts

sim: ## the long random schedules against the oracles
	NWND_LONG=1 $(GO) test -count=1 -timeout 60m -v -run 'Schedules' ./internal/sim/...

faults: ## every reorganisation, death, outage and fee rise of a channel on chain (make test samples them)
	NWND_LONG=1 $(GO) test -count=1 -timeout 30m -run 'TestReorganisationsAtEvery|TestDyingAtEveryCommitOnChain|TestBackendThat|TestFeesThat' ./internal/node
	NWND_LONG=1 $(GO) test -count=1 -timeout 30m ./internal/enforce/contract

model: ## a million random calls of the adjudicator, in the EVM and in its Go model
	NWND_LONG=1 $(GO) test -count=1 -timeout 60m -v -run 'TestRandomCalls' ./adjudicator/evm/model

proto: ## generate lnrpc from its .proto files
	lnrpc/gen.sh

gen-check: ## fail if generated code is stale
	lnrpc/gen.sh --check

$(CONTRACTS)/node_modules:
	cd $(CONTRACTS) && npm ci --silent

contracts: $(CONTRACTS)/node_modules ## compile the contracts and write their Go bindings (needs node)
	$(CONTRACTS)/generate.sh

contracts-check: $(CONTRACTS)/node_modules ## fail if the bindings are stale
	$(CONTRACTS)/generate.sh --check

gas: ## what each operation of the contract costs; fails over a target, or if the snapshot says otherwise
	$(GO) run ./adjudicator/evm/gas

gas-update: ## the same, and write the snapshot
	$(GO) run ./adjudicator/evm/gas -update

forge: $(CONTRACTS)/node_modules ## the contracts' own tests
	cd $(CONTRACTS) && node_modules/.bin/forge test --no-match-contract SharesTest && \
		node_modules/.bin/forge test --match-contract SharesTest -vv

invariants: $(CONTRACTS)/node_modules ## the contracts' invariants, 10,000 sequences of 100 calls; SEED=0x.. replays
	cd $(CONTRACTS) && seed=$${SEED:-0x$$(openssl rand -hex 8)} && echo "seed $$seed" && \
		FOUNDRY_INVARIANT_RUNS=10000 node_modules/.bin/forge test --match-contract InvariantsTest --fuzz-seed $$seed && \
		node_modules/.bin/forge test --match-contract SharesTest -vv --gas-limit 18446744073709551615

full: full-tests ## everything (needs node; make -j2 -O full takes less time: bench is alone even then)
	$(GO) run ./bench

full-tests: lint gen-check contracts-check forge gas test demo interop mutants mutants-contract faults invariants model sim

clean: ## remove what was built
	rm -rf $(BIN) .cache
