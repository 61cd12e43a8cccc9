package devnet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tourStep is a command of the tour and what it prints.
type tourStep struct {
	line    int
	command string
	want    []string
}

// parseTour finds the console blocks of a page: a line that begins with "$ " is a command, those up to the
// next one are what it prints.
func parseTour(text string) (steps []tourStep) {
	inside := false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside && line == "```console"
		case !inside:
		case strings.HasPrefix(line, "$ "):
			steps = append(steps, tourStep{line: i + 1, command: line[2:]})
		case len(steps) > 0:
			last := &steps[len(steps)-1]
			last.want = append(last.want, line)
		}
	}
	return steps
}

// wild is what differs from run to run: within a line any text, alone any lines.
const wild = "…"

// compare tells how an output differs from what was wanted; "" if it doesn't. Spaces that
// align columns may be more or fewer.
func compare(want, got []string) string {
	if matches(want, got) {
		return ""
	}
	return "wanted:\n  " + strings.Join(want, "\n  ") + "\ngot:\n  " + strings.Join(got, "\n  ")
}

func matches(want, got []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case want[0] == wild:
		return matches(want[1:], got) || len(got) > 0 && matches(want, got[1:])
	case len(got) == 0:
		return false
	}
	var parts []string
	for _, p := range strings.Split(squeeze(want[0]), wild) {
		parts = append(parts, regexp.QuoteMeta(p))
	}
	line := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
	return line.MatchString(squeeze(got[0])) && matches(want[1:], got[1:])
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// shell is one bash that runs a line after the other, as a person at a terminal would.
type shell struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *os.File
	out   chan string
}

// The driver keeps the status of each line for the next, where $? tells it, and ends what
// was left running in the background when there are no more lines.
const driver = `
exec 2>&1 </dev/null
trap 'kill $(jobs -p) 2>/dev/null' EXIT
last() { return "$1"; }
code=0
while IFS= read -r -u 3 line; do
	last $code
	eval "$line"
	code=$?
	printf '\n-- done %d\n' $code
done
`

func startShell(t *testing.T, functions string) *shell {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := &shell{t: t, lines: w, out: make(chan string, 1000)}
	s.cmd = exec.Command("bash", "--noprofile", "--norc", "-c", functions+driver)
	s.cmd.Dir = t.TempDir()
	s.cmd.Env = append(os.Environ(), "HOME="+s.cmd.Dir, "LC_ALL=C.UTF-8", "TZ=UTC")
	s.cmd.ExtraFiles = []*os.File{r}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.out)
		in := bufio.NewScanner(out)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			s.out <- in.Text()
		}
	}()
	return s
}

// lineTimeout is far above what any line takes.
const lineTimeout = 5 * time.Minute

// run runs a line and gives what it printed and its status. Blocks are mined while a line
// waits for them, so that none comes between other lines.
func (s *shell) run(ctx context.Context, line string, mine func()) (out []string, code int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	if _, err := io.WriteString(s.lines, line+"\n"); err != nil {
		s.t.Fatal(err)
	}
	blocks := time.NewTicker(250 * time.Millisecond)
	defer blocks.Stop()
	for {
		select {
		case <-ctx.Done():
			_ = s.cmd.Process.Kill()
			s.t.Fatalf("$ %s\ndid not end; it printed:\n%s", line, strings.Join(out, "\n"))
		case <-blocks.C:
			if strings.Contains(line, "--wait") {
				mine()
			}
		case got, ok := <-s.out:
			if !ok {
				s.t.Fatalf("$ %s\nended the shell; it printed:\n%s", line, strings.Join(out, "\n"))
			}
			if status, ok := strings.CutPrefix(got, "-- done "); ok {
				code, err := strconv.Atoi(status)
				if err != nil {
					s.t.Fatal(err)
				}
				if n := len(out); n > 0 && out[n-1] == "" { // the one before the mark
					out = out[:n-1]
				}
				return out, code
			}
			out = append(out, got)
		}
	}
}

func (s *shell) end() {
	s.lines.Close()
	for range s.out { // until everything that holds it has ended
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Logf("shell: %v", err) // the status of its last line
	}
}

func TestATourIsReadLineByLine(t *testing.T) {
	got := parseTour("text\n$ no\n```sh\n$ no\n```\n```console\n$ a b\nx\n\ny\n$ c\n```\n$ no\n")
	want := "[{7 a b [x  y]} {11 c []}]"
	if fmt.Sprint(got) != want {
		t.Fatalf("%v, want %s", got, want)
	}
}

func TestWhatATourPrintsIsCompared(t *testing.T) {
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"a  b", "a b", true},
		{"a b", "a bc", false},
		{"a … c", "a anything c", true},
		{"a … c", "a anything d", false},
		{"1.5 sat", "105 sat", false},
		{"a\n…\nz", "a\nz", true},
		{"a\n…\nz", "a\nb\nc\nz", true},
		{"a\n…\nz", "a\nb\nc", false},
		{"a", "a\nb", false},
		{"a\nb", "a", false},
	} {
		if diff := compare(strings.Split(c.want, "\n"), strings.Split(c.got, "\n")); (diff == "") != c.same {
			t.Errorf("%q and %q: %q", c.want, c.got, diff)
		}
	}
}
