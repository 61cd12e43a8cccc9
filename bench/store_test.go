package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/router"
)

func u64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

func TestPaymentsAreMultipliedWithHashesOfTheirOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), storeFile)
	db, err := channeldb.Open(path, channeldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret := bytes.Repeat([]byte{7}, 32)
	hash := sha256.Sum256(secret)
	err = db.Append(channeldb.Batch{Puts: []channeldb.KV{
		{Bucket: "payments", Key: u64(3), Value: append([]byte("asked "), hash[:]...)},
		{Bucket: "payment_end", Key: u64(3), Value: secret},
		{Bucket: "payment_hash", Key: hash[:], Value: u64(3)},
		{Bucket: "payment_attempts", Key: u64(3 * partsPer), Value: []byte("first")},
		{Bucket: "payment_attempts", Key: u64(3*partsPer + 1), Value: []byte("second")},
		{Bucket: "attempt_end", Key: u64(3*partsPer + 1), Value: append([]byte("paid "), secret...)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	const count = 50
	if err := multiply(path, histories[0], hash[:], secret, count); err != nil {
		t.Fatal(err)
	}
	if db, err = channeldb.Open(path, channeldb.Options{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	get := func(bucket string, key []byte) []byte {
		v, err := db.Get(bucket, key)
		if err != nil || v == nil {
			t.Fatalf("%s %x: %v", bucket, key, err)
		}
		return v
	}
	seen := map[string]bool{}
	for i := uint64(3); i < 3+count; i++ {
		secret := get("payment_end", u64(i))
		hash := sha256.Sum256(secret)
		if got := get("payments", u64(i)); !bytes.Equal(got, append([]byte("asked "), hash[:]...)) {
			t.Fatalf("payment %d is %x, its hash %x", i, got, hash)
		}
		if got := get("payment_hash", hash[:]); !bytes.Equal(got, u64(i)) {
			t.Fatalf("hash of %d leads to %x", i, got)
		}
		if got := get("attempt_end", u64(i*partsPer+1)); !bytes.Equal(got, append([]byte("paid "), secret...)) {
			t.Fatalf("attempt of %d ended as %x", i, got)
		}
		get("payment_attempts", u64(i*partsPer))
		seen[string(hash[:])] = true
	}
	if n, err := db.Count("payment_attempts"); err != nil || n != 2*count || len(seen) != count {
		t.Fatalf("%d attempts, %d hashes, %v", n, len(seen), err)
	}
	if err := multiply(path+"2", histories[0], hash[:], secret, 2); err == nil {
		t.Fatal("a payment that isn't there was multiplied")
	}
}

const graphLines = `channel,node1,node2,capacity_sat,disabled_1,htlc_min_msat_1,htlc_max_msat_1,base_msat_1,ppm_1,cltv_delta_1,disabled_2,htlc_min_msat_2,htlc_max_msat_2,base_msat_2,ppm_2,cltv_delta_2
0,02AA,03BB,5000,0,1000,4000000,1000,499,144,1,1000,5000000,1,10,40
1,03BB,02CC,7000,0,1,7000000,450,1,144,,,,,,
2,02AA,02CC,0,0,1,7000000,450,1,144,,,,,,
`

// lines writes a graph's file whose nodes' keys are short.
func lines(t *testing.T, text string) string {
	for _, k := range []string{"AA", "BB", "CC"} {
		text = strings.ReplaceAll(text, k, strings.ToLower(k)+strings.Repeat("00", 31))
	}
	path := filepath.Join(t.TempDir(), "graph.csv.gz")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRowsOfTheGraphAreWhatANodeReads(t *testing.T) {
	channels, err := readGraph(lines(t, graphLines))
	if err != nil {
		t.Fatal(err)
	}
	if len(channels) != 2 {
		t.Fatalf("%d channels, want the 2 with a capacity", len(channels))
	}
	chain := chainhash.Hash{9}
	path := filepath.Join(t.TempDir(), storeFile)
	if err := writeGraph(path, chain, channels); err != nil {
		t.Fatal(err)
	}
	db, err := channeldb.Open(path, channeldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	g := router.NewGraph()
	gossip := router.NewGossip(g, router.GossipConfig{Chains: []chainhash.Hash{chain}})
	read(t, db, gossip, graphChannels, router.ChannelRows)
	read(t, db, gossip, graphNodes, router.NodeRows)

	want, _, err := memoryGraph(chain, channels)
	if err != nil {
		t.Fatal(err)
	}
	if st := g.Stats(); st.Nodes != 3 || st.Announced != 3 || st.Channels != 2 || st.Policies != 3 {
		t.Fatalf("%+v", st)
	}
	for c := range want.Channels() {
		got, ok := g.Channel(c.ID)
		if !ok || got.Nodes != c.Nodes || got.Capacity != c.Capacity {
			t.Fatalf("%+v, want %+v", got, c)
		}
		for d, p := range c.Policies {
			have := got.Policies[d]
			if (p == nil) != (have == nil) {
				t.Fatalf("policy %d of %v: %v, want %v", d, c.ID, have, p)
			}
			if p != nil {
				same := *have
				same.Updated = 0
				if same != *p {
					t.Fatalf("policy %d of %v: %+v, want %+v", d, c.ID, same, *p)
				}
			}
		}
	}
}

func read(t *testing.T, db *channeldb.DB, gossip *router.Gossip, bucket string, table router.Table) {
	err := db.Scan(bucket, nil, false, func(k, v []byte) bool {
		if err := gossip.Load(router.Row{Table: table, Key: k, Value: v}); err != nil {
			t.Fatal(err)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestGraphFilesThatAreNoneAreErrors(t *testing.T) {
	for name, text := range map[string]string{
		"a key that is none":       strings.Replace(graphLines, "02AA", "02XX", 1),
		"a number that is none":    strings.Replace(graphLines, "5000,", "many,", 1),
		"a line that is too short": "a,b\n",
	} {
		if _, err := readGraph(lines(t, text)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
