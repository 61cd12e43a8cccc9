// Package nwnd holds the rules that span packages.
package nwnd

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/nichework/nwnd/"

// layer orders packages: an import points to a lower layer, or stays within one tree.
var layer = map[string]int{
	"cmd": 9, "interop": 9, "bench": 9,
	"internal/devnet": 8,
	"lnrpc":           7, "internal/metrics": 7,
	"internal/sim": 7, "internal/mutants": 7,
	"internal/node":     6,
	"internal/bitcoind": 5,
	"internal/enforce":  5,
	"internal/peer":     4, "internal/wallet": 4, "internal/chain": 4, "watchtower": 4,
	"internal/backup": 4,
	"internal/health": 3, "internal/systemd": 3, "internal/tor": 3,
	"internal/signer": 3, "internal/geth": 3, "internal/ethereum": 3,
	"internal/onion": 3, "internal/btcd": 3,
	"channeldb": 2, "router": 2, "adjudicator": 2, "config": 2,
	"htlc":          1,
	"internal/secp": 0,
}

// purePackages do no I/O, start nothing and read no clock.
var purePackages = map[string][]string{
	"htlc":        {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"htlc/bolt3":  {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"htlc/eip712": {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"router":      {"net", "os", "context", "log", "log/slog", "crypto/rand"},
	"adjudicator": {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},

	"adjudicator/bitcoin":   {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"adjudicator/evm":       {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
	"adjudicator/evm/model": {"net", "os", "time", "context", "sync", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"},
}

// htlcMayImport is all that the channel core takes from outside the standard library.
var htlcMayImport = []string{
	"github.com/btcsuite/btcd/btcec/v2",
	"github.com/btcsuite/btcd/btcutil",
	"github.com/btcsuite/btcd/chaincfg/chainhash",
	"github.com/btcsuite/btcd/wire",
	"github.com/lightningnetwork/lnd/lnwire",
	"github.com/lightningnetwork/lnd/shachain",
	"github.com/lightningnetwork/lnd/tlv",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list named no package")
	}
	return all
}

// tree finds the entry of layer that a package of ours belongs to.
func tree(path string) (string, bool) {
	for p := strings.TrimPrefix(path, module); p != "."; {
		if _, ok := layer[p]; ok {
			return p, true
		}
		i := strings.LastIndex(p, "/")
		if i < 0 {
			break
		}
		p = p[:i]
	}
	return "", false
}

func TestImportsPointDownward(t *testing.T) {
	for _, p := range list(t) {
		if !strings.HasPrefix(p.ImportPath, module) {
			continue // this package
		}
		from, ok := tree(p.ImportPath)
		if !ok {
			t.Errorf("%s has no place in the layers", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if !strings.HasPrefix(imp, module) {
				continue
			}
			to, ok := tree(imp)
			if ok && to != from && layer[to] >= layer[from] {
				t.Errorf("%s imports %s, which is not below it", p.ImportPath, imp)
			}
		}
	}
}

func TestPurePackagesStayPure(t *testing.T) {
	for _, p := range list(t) {
		forbidden := purePackages[strings.TrimPrefix(p.ImportPath, module)]
		for _, imp := range p.Imports {
			if slices.Contains(forbidden, imp) {
				t.Errorf("%s imports %s", p.ImportPath, imp)
			}
		}
	}
}

func TestChannelCoreImportsOnlyWhatItMay(t *testing.T) {
	for _, p := range list(t) {
		if p.ImportPath != module+"htlc" {
			continue
		}
		for _, imp := range p.Imports {
			if strings.Contains(strings.Split(imp, "/")[0], ".") && !slices.Contains(htlcMayImport, imp) {
				t.Errorf("htlc imports %s", imp)
			}
		}
		return
	}
	t.Error("package htlc is gone")
}

func TestNobodyLinksWhatClashes(t *testing.T) {
	for _, p := range list(t) {
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, "github.com/lightningnetwork/lnd/lnrpc") ||
				strings.HasPrefix(imp, "github.com/lightningnetwork/lnd/chanbackup") {
				t.Errorf("%s imports %s, whose protobuf names clash with ours", p.ImportPath, imp)
			}
		}
	}
}

// The CLI speaks to the daemon over its API like any other client.
func TestCLIKnowsTheAPIOnly(t *testing.T) {
	for _, p := range list(t) {
		if !strings.HasPrefix(p.ImportPath, module+"cmd/nwcli") {
			continue
		}
		for _, imp := range p.Imports {
			own := strings.TrimPrefix(imp, module)
			if own == imp || own == "config" || own == "lnrpc" || strings.HasPrefix(own, "cmd/nwcli") ||
				strings.HasPrefix(own, "lnrpc/") && own != "lnrpc/rpcserver" {
				continue
			}
			t.Errorf("%s imports %s", p.ImportPath, imp)
		}
	}
}
