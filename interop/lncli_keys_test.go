package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func document(t *testing.T, text string) []any {
	var doc any
	require.NoError(t, json.Unmarshal([]byte(text), &doc))
	return []any{doc}
}

func TestEveryKeyAndValueOfLndMustBeOurs(t *testing.T) {
	for _, c := range []struct{ lnd, ours, lacks string }{
		{`{"a":1}`, `{"a":2,"b":3}`, ""},
		{`{"a":1}`, `{"b":1}`, "x.a: lnd's answer has it, nwnd's not"},
		{`{"a":"5"}`, `{"a":"0"}`, "x.a: lnd gives a value, nwnd none"},
		{`{"a":"0"}`, `{"a":"0"}`, ""},
		{`{"a":[]}`, `{"a":[]}`, ""},
		{`{"a":[{"b":1}]}`, `{"a":[]}`, "x.a: lnd gives a value, nwnd none"},
		{`{"a":[{"b":0},{"b":1,"c":1}]}`, `{"a":[{"b":1},{"c":2,"b":0}]}`, ""},
		{`{"a":[{"b":{"c":null}}]}`, `{"a":[{"b":{}}]}`, "x.a[].b: lnd gives a value, nwnd none"},
		{`{"a":[{"b":{"c":null}}]}`, `{"a":[{"b":{"d":1}}]}`, "x.a[].b.c: lnd's answer has it, nwnd's not"},
		{`{"a":{"b":1}}`, `{"a":null}`, "x.a: lnd gives a value, nwnd none"},
		{`{"features":{"9":{"name":"tlv"}}}`, `{"features":{"14":{"name":"secret"}}}`, ""},
		{`{"features":{"9":{"name":"tlv"}}}`, `{"features":{"14":{"name":""}}}`, "x.features[].name: lnd gives"},
	} {
		var said []string
		want, got := &shape{}, &shape{}
		want.add("", document(t, c.lnd)[0])
		got.add("", document(t, c.ours)[0])
		for _, err := range want.lacks("x", got, func(string) bool { return false }) {
			said = append(said, err.Error())
		}
		if c.lacks == "" {
			require.Empty(t, said, "%s and %s", c.lnd, c.ours)
			continue
		}
		require.Len(t, said, 1, "%s and %s", c.lnd, c.ours)
		require.Contains(t, said[0], c.lacks)
		for _, err := range want.lacks("x", got, func(path string) bool { return strings.HasPrefix(said[0], path+":") }) {
			t.Errorf("allowed, and still reported: %v", err)
		}
	}
}

func TestACommandThatOnlyLndAnsweredIsReported(t *testing.T) {
	err := compare(map[string][]any{"getinfo": document(t, `{}`)}, nil)
	require.Len(t, err, 1)
	require.ErrorContains(t, err[0], "getinfo: nwnd gave no answer")
	require.ErrorContains(t, err[0], "1 commands were answered")
}
