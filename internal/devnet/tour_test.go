package devnet

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/devnet/daemon"
)

const tourFile = "../../docs/tour.md"

// notInTheTour are nwcli's commands that the tour does not show, and why.
var notInTheTour = map[string]string{
	"help": "it prints what --help prints, which changes with every flag",
}

// Every line of docs/tour.md is run in a shell, on the network of `nwnd devnet -channels`,
// and prints what the tour says that it prints.
func TestTheTourIsTrue(t *testing.T) {
	steps := readTour(t)
	began := time.Now()
	took := func(what string) { t.Logf("%s after %v", what, time.Since(began).Round(time.Millisecond)) }
	bin := buildPrograms(t)
	took("built")
	showsEveryCommand(t, filepath.Join(bin, "nwcli"), steps)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	net, err := Start(ctx, t.TempDir(), Programs{Btcd: btcdtest.Binary(t), Nwnd: filepath.Join(bin, "nwnd")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := net.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	sh := startShell(t, pasted(ctx, t, net))
	defer sh.end()
	took("the net is up")
	mine := func() {
		if _, err := net.Chain.Mine(1); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range steps {
		out, code := sh.run(ctx, s.command, mine)
		if diff := compare(s.want, out); diff != "" {
			t.Errorf("%s:%d: $ %s\n%s", tourFile, s.line, s.command, diff)
		}
		shown := i+1 < len(steps) && steps[i+1].command == "echo $?"
		if code != 0 && !shown {
			t.Errorf("%s:%d: $ %s\nit failed (%d), and no line after it shows echo $?", tourFile, s.line, s.command, code)
		}
	}
	took("toured")
}

// showsEveryCommand fails for a command of nwcli that no step runs.
func showsEveryCommand(t *testing.T, nwcli string, steps []tourStep) {
	t.Helper()
	commands := commandsOf(t, nwcli, nil)
	if len(commands) < 30 {
		t.Fatalf("nwcli has %d commands: %v", len(commands), commands)
	}
	for _, c := range commands {
		shown := slices.ContainsFunc(steps, func(s tourStep) bool { return runs(s.command, c) })
		if reason := notInTheTour[c]; shown == (reason != "") {
			t.Errorf("%s shows nwcli %s: %v; reason not to: %q", tourFile, c, shown, reason)
		}
	}
	for c := range notInTheTour {
		if !slices.Contains(commands, c) {
			t.Errorf("there is no nwcli %s to leave out", c)
		}
	}
}

// runs tells whether a command line calls a command of nwcli, by one of the nodes' functions.
func runs(line, command string) bool {
	for _, node := range []string{"alice", "bob", "carol", "dave", "nwcli"} {
		if strings.Contains(" "+strings.NewReplacer("$(", " ", ")", " ").Replace(line)+" ", " "+node+" "+command+" ") {
			return true
		}
	}
	return false
}

// commandsOf asks nwcli what it can do, as a shell that completes does.
func commandsOf(t *testing.T, nwcli string, below []string) []string {
	t.Helper()
	args := append(append([]string{"__complete"}, below...), "")
	out, err := exec.CommandContext(t.Context(), nwcli, args...).Output()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	var all []string
	for _, line := range strings.Split(string(out), "\n") {
		name, about, ok := strings.Cut(line, "\t")
		if !ok || strings.Contains(name, "-") || about == "" {
			continue
		}
		path := append(slices.Clone(below), name)
		if len(below) == 0 && (name == "hold" || name == "backup" || name == "policy") {
			if sub := commandsOf(t, nwcli, path); len(sub) > 0 {
				all = append(all, sub...)
			}
			if name != "policy" { // which does something alone too
				continue
			}
		}
		all = append(all, strings.Join(path, " "))
	}
	return all
}

func readTour(t *testing.T) []tourStep {
	t.Helper()
	text, err := os.ReadFile(tourFile)
	if err != nil {
		t.Fatal(err)
	}
	steps := parseTour(string(text))
	if len(steps) < 40 {
		t.Fatalf("%s has %d steps only", tourFile, len(steps))
	}
	return steps
}

// buildPrograms gives the directory of nwnd and nwcli as they are now.
func buildPrograms(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin+"/",
		"github.com/nichework/nwnd/cmd/nwnd", "github.com/nichework/nwnd/cmd/nwcli").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// pasted brings the net up as `nwnd devnet -channels` does, and gives what it prints to
// be pasted into a shell.
func pasted(ctx context.Context, t *testing.T, net *Net) string {
	t.Helper()
	if err := build(ctx, net, daemon.NWND, 3, true); err != nil {
		t.Fatal(err)
	}
	more, err := addSpare(net, name(3))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	paste(&b, net.Nodes)
	more.paste(&b)
	var functions []string
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.Contains(line, "() {") {
			functions = append(functions, line)
		}
	}
	return strings.Join(functions, "\n")
}
