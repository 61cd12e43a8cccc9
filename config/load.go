package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jessevdk/go-flags"
)

// Config is checked options, and what follows from them.
type Config struct {
	Options
	Network Network
	Levels  Levels
	RGB     [3]byte // the color
	// EVMChains are what evm.chain names.
	EVMChains []EVMChain
	EVMAssets []EVMAsset // and evm.asset

	File string // the file that was read; "" when there was none

	// Ignored are the options that were given and change nothing, in order.
	Ignored []Ignored
}

// Help is the error of Load when help was asked for; its text is the help.
type Help struct{ Text string }

// Error is the help.
func (h *Help) Error() string { return h.Text }

// Load reads the file, then the flags in args (without the program's name) over it,
// and checks the whole. Without --configfile the file may be absent.
func Load(args []string) (*Config, error) {
	c, err := read(args, flags.HelpFlag|flags.PassDoubleDash)
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

// ForClient reads what a client needs to find the daemon whose directory and file these
// are ("": the default ones). It forgives options that it doesn't know and checks
// nothing but the network, which network overrides unless "".
func ForClient(dir, file, network string) (*Config, error) {
	var args []string
	if dir != "" {
		args = append(args, "--nwnddir="+dir)
	}
	if file != "" {
		args = append(args, "--configfile="+file)
	}
	c, err := read(args, flags.IgnoreUnknown)
	if err != nil {
		return nil, err
	}
	if network != "" {
		c.Network, err = NetworkNamed(network)
	} else {
		c.Network, err = c.Bitcoin.network()
	}
	if err != nil {
		return nil, err
	}
	c.fill()
	return c, nil
}

func read(args []string, how flags.Options) (*Config, error) {
	r := newReader(how&flags.IgnoreUnknown != 0)
	args, err := r.flags(args)
	if err != nil {
		return nil, err
	}
	// The file's place is itself an option, so the flags are looked at first for it.
	var where struct {
		NwndDir    string `long:"nwnddir" default:"~/.nwnd"`
		ConfigFile string `long:"configfile" short:"C"`
	}
	if _, err := flags.NewParser(&where, flags.IgnoreUnknown).ParseArgs(args); err != nil {
		return nil, r.unreadFlag(err)
	}
	file, named := expand(where.ConfigFile), where.ConfigFile != ""
	if !named {
		file = filepath.Join(expand(where.NwndDir), "nwnd.conf")
	}

	c := &Config{}
	p := flags.NewNamedParser("nwnd", how)
	if _, err := p.AddGroup(appGroup, "", &c.Options); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	switch err := r.read(file, flags.NewIniParser(p)); {
	case err == nil:
		c.File = file
	case errors.Is(err, fs.ErrNotExist) && !named:
	default:
		return nil, fileError(file, err)
	}

	rest, err := p.ParseArgs(args)
	var fe *flags.Error
	if errors.As(err, &fe) && fe.Type == flags.ErrHelp {
		return nil, &Help{fe.Message}
	}
	if err != nil {
		return nil, r.unreadFlag(err)
	}
	if len(rest) > 0 && how&flags.IgnoreUnknown == 0 {
		return nil, fmt.Errorf("config: %d arguments begin without --, nwnd takes options only", len(rest))
	}
	c.Ignored = r.ignored
	return c, nil
}

// maxFile is the most bytes of a configuration file.
const maxFile = 1 << 20

// read parses the options of ours that a file holds.
func (r *reader) read(path string, p *flags.IniParser) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return err
	}
	if len(text) > maxFile {
		return fmt.Errorf("it has more than %d bytes", maxFile)
	}
	ours, err := r.file(string(text))
	if err != nil {
		return err
	}
	if err := p.Parse(strings.NewReader(ours)); err != nil {
		return r.unreadLine(ours, err)
	}
	return nil
}

// fileError names the line.
func fileError(file string, err error) error {
	var ie *flags.IniError
	if errors.As(err, &ie) {
		return fmt.Errorf("config: %s, line %d: %s", file, ie.LineNumber, ie.Message)
	}
	return fmt.Errorf("config: %s: %w", file, err)
}

// expand resolves ~ and variables of the environment and makes the path absolute; "" stays.
func expand(path string) string {
	path = os.ExpandEnv(path)
	if path == "" {
		return ""
	}
	if path == "~" || strings.HasPrefix(path, "~/") {
		if home, err := os.UserHomeDir(); err == nil {
			path = home + path[1:]
		}
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return filepath.Clean(path)
}
