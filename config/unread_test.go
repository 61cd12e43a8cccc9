package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is wrong with a line or a flag, its error tells where it is and of which option, never what
// else stands there: that may be a password.
func TestErrorsOfWhatCannotBeReadQuoteNoValue(t *testing.T) {
	for line, want := range map[string]string{
		"btcd.rpcpass hush":             "line 2: option btcd.rpcpass: not of the form option=value",
		"BTCD.rpcpass: hush":            "line 2: option btcd.rpcpass: not of the form option=value",
		"btcd.rpcpass hush==":           "line 2: option btcd.rpcpass: not of the form option=value",
		"bitcoind.rpccookie hush=":      "line 2: option bitcoind.rpccookie: not of the form option=value",
		"hush":                          "line 2: not of the form option=value",
		"hush==":                        "line 2: unknown option",
		"btcd.rpcpas=hush":              "line 2: unknown option; is it btcd.rpcpass?",
		"btcd.rpcpas hush=":             "line 2: unknown option; is it btcd.rpcpass?",
		"nosuch=hush":                   "line 2: unknown option",
		"[hush]":                        "line 2: there is no section of that name",
		"[hush":                         "line 2: there is no section of that name",
		`btcd.rpcpass="hush`:            "line 2: option btcd.rpcpass must be text, with both quotes",
		"maxlogfiles=hush":              "line 2: option maxlogfiles must be a number",
		"fee.min-update-timeout=hush":   "line 2: option fee.min-update-timeout must be a time such as 10s",
		"bitcoin.node=hush":             "line 2: option bitcoin.node must be one of btcd, bitcoind, neutrino",
		"no-macaroons=hush":             "line 2: option no-macaroons must be true or false",
		"upfront-shutdown-address=hush": "line 2: option upfront-shutdown-address is refused",
	} {
		_, err := load(t, "[Application Options]\n"+line+"\n", "--bitcoin.regtest")
		require.ErrorContains(t, err, "nwnd.conf, "+want, line)
		require.NotContains(t, err.Error(), "hush", line)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"1 arguments begin without --", []string{"hush"}},
		{"option --maxlogfiles needs a value: a number", []string{"--maxlogfiles=hush"}},
		{"option --bitcoin.node needs a value: one of btcd, ", []string{"--bitcoin.node=hush"}},
		{"option --no-macaroons is a switch", []string{"--no-macaroons=hush"}},
		{"option --debuglevel needs a value: text", []string{"--debuglevel", "--btcd.rpcpass=hush"}},
		{"option --configfile needs a value: text", []string{"--configfile", "--btcd.rpcpass=hush"}},
		{"unknown option of 17 letters", []string{"--btcd.rpcpass hush"}},
		{"a flag can't be read", []string{"-xhush"}},
	} {
		_, err := load(t, "", append([]string{"--bitcoin.regtest"}, c.args...)...)
		require.ErrorContains(t, err, c.want)
		require.NotContains(t, err.Error(), "hush")
	}
}
