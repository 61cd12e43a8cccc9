package devnet

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLastLineIsTheResult(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "demo: ok"},
		{errors.New("a satoshi is missing"), "demo: FAILED: a satoshi is missing"},
	} {
		var out bytes.Buffer
		r := &report{out: &out, began: time.Now(), steps: 1}
		r.Step("Do it")
		r.Say("done", nil, "it is done")
		r.End(c.err)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if got := lines[len(lines)-1]; got != c.want {
			t.Errorf("last line %q, want %q", got, c.want)
		}
	}
}

func TestJSONIsOneObjectPerLine(t *testing.T) {
	var out bytes.Buffer
	r := &report{out: &out, json: true, began: time.Now(), steps: 1}
	r.Step("Kill")
	r.Say("kill", fields{"in_flight": 12}, "HTLCs in flight at SIGKILL: %d", 12)
	r.End(nil)
	var events []map[string]any
	for line := range strings.Lines(out.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events = append(events, e)
	}
	if len(events) != 3 || events[1]["in_flight"] != 12.0 || events[1]["step"] != 1.0 || events[2]["ok"] != true {
		t.Fatalf("%v", events)
	}
}

func TestGroup(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := group(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, args := range [][]string{{"-n", "0"}, {"-n", "21"}, {"-blocktime", "1ms"}, {"-nonsense"}} {
		var out, errs bytes.Buffer
		if got := Main(t.Context(), args, &out, &errs); got != 2 || errs.Len() == 0 {
			t.Errorf("%v: exit %d, %q", args, got, errs.String())
		}
	}
	var out, errs bytes.Buffer
	if got := DemoMain(t.Context(), []string{"--nonsense"}, &out, &errs); got != 2 {
		t.Errorf("demo: exit %d", got)
	}
}

func TestAnErrorSaysThatTheFilesAreGone(t *testing.T) {
	bad := errors.New("exit status 1")
	dir := t.TempDir()
	if err := gone(dir, bad); err != bad {
		t.Fatalf("%v", err)
	}
	err := gone(filepath.Join(dir, "removed"), bad)
	if !errors.Is(err, bad) || !strings.Contains(err.Error(), "something else removed "+dir) {
		t.Fatalf("%v", err)
	}
	if err := gone(filepath.Join(dir, "removed"), nil); err != nil {
		t.Fatal(err)
	}
}
