package config

import (
	"strings"
	"testing"
)

// Whatever a file holds, reading it ends in options of ours, line by line, or in an error that
// quotes nothing that it holds.
func FuzzFile(f *testing.F) {
	for _, s := range []string{"", "[Bitcoin]\nbitcoin.regtest=1\n", "tor.v3=\"x\\\"y\"\n", "wtclient.active=hush-hush\n",
		"upfront-shutdown-address=hush-hush", "profile=1\nlnddir=x\n", "[", "[]", "=", "a=b=c", "\xff=\x00", "nosuch=hush-hush", "btcd.rpcpass hush-hush", "btcd.rpcpass hush-hush=", "[hush-hush]", "hush-hush=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, lenient := range []bool{false, true} {
			r := newReader(lenient)
			out, err := r.file(text)
			if err != nil {
				if strings.Contains(err.Error(), "hush-hush") {
					t.Fatalf("an error quotes a value: %v", err)
				}
				continue
			}
			lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
			for _, l := range lines {
				name, _, ok := strings.Cut(l, "=")
				if _, ours := r.own[name]; l != "" && ok && !ours {
					t.Fatalf("%q is kept and is none of ours", name)
				}
			}
		}
	})
}

// Levels are read or refused, and what was read can be asked for any subsystem.
func FuzzLevels(f *testing.F) {
	for _, s := range []string{"info", "info,PEER=debug", "=", ",", "PEER=trace,info", "off"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseLevels(text)
		if err != nil {
			return
		}
		for sub, level := range l.Sub {
			if again, err := ParseLevels(sub + "=" + LevelName(level)); err != nil || again.Of(sub) != level {
				t.Fatalf("%s=%s reads as %v, %v", sub, LevelName(level), again, err)
			}
		}
	})
}
