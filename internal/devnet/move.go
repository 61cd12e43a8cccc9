package devnet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// moveUsage is printed for a call that can't be understood.
const moveUsage = `usage: nwnd devnet mine [-dir <directory>] [blocks]     blocks on both chains, 1 if not given
       nwnd devnet warp [-dir <directory>] <duration>   12h: blocks of bitcoin, and the EVM chain's clock
`

// moveMain is `nwnd devnet mine` and `nwnd devnet warp`: it has a devnet that runs move its chains.
func moveMain(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("nwnd devnet "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, moveUsage) }
	dir := flags.String("dir", "", "")
	switch err := flags.Parse(args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	m, err := parseMove(args[0], flags.Args())
	if err != nil {
		fmt.Fprintf(stderr, "%v\n%s", err, moveUsage)
		return 2
	}
	at, err := ask(ctx, *dir, m)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprintln(stdout, at)
	return 0
}

// parseMove reads the words after the command.
func parseMove(command string, words []string) (move, error) {
	var m move
	switch {
	case command == "mine" && len(words) == 0:
		m.Blocks = 1
	case len(words) != 1:
		return m, fmt.Errorf("devnet: %d arguments after %s", len(words), command)
	case command == "mine":
		n, err := strconv.Atoi(words[0])
		if err != nil || n == 0 {
			return m, fmt.Errorf("devnet: %q is no number of blocks", words[0])
		}
		m.Blocks = n
	default:
		d, err := time.ParseDuration(words[0])
		if err != nil || d < time.Second && d > -time.Second {
			return m, fmt.Errorf("devnet: %q is no duration such as 90s, 12h or 72h30m", words[0])
		}
		m.Seconds = int64(d / time.Second)
	}
	return m, m.check()
}

// String is where the chains are, for people.
func (m moved) String() string {
	s := fmt.Sprintf("bitcoin at block %d", m.Bitcoin)
	if m.EVM > 0 {
		s += fmt.Sprintf(", %s at block %d, %s", EVMName, m.EVM, time.Unix(m.EVMTime, 0).UTC().Format(time.DateTime))
	}
	return s
}

// ask has the net that runs in a directory do a move.
func ask(ctx context.Context, dir string, m move) (at moved, err error) {
	where, err := findControl(dir)
	if err != nil {
		return at, err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return at, fmt.Errorf("devnet: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, where.URL, bytes.NewReader(body))
	if err != nil {
		return at, fmt.Errorf("devnet: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+where.Token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return at, fmt.Errorf("devnet: is it running? %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err != nil {
		return at, fmt.Errorf("devnet: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return at, errors.New(strings.TrimSpace(string(text)))
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("devnet: answer: %w", err)
	}
	return at, nil
}

// findControl reads how to reach the net in a directory; without one, the only net that runs in a temporary
// directory.
func findControl(dir string) (controlFile, error) {
	var c controlFile
	file := filepath.Join(dir, controlName)
	if dir == "" {
		found, err := filepath.Glob(filepath.Join(os.TempDir(), tempName+"*", controlName))
		if err != nil || len(found) != 1 {
			return c, fmt.Errorf("devnet: %d of them run in temporary directories: name one's directory with -dir", len(found))
		}
		file = found[0]
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return c, fmt.Errorf("devnet: none runs in %s", dir)
	}
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fmt.Errorf("devnet: %s: %w", file, err)
	}
	return c, nil
}
