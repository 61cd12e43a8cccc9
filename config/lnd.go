package config

import (
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jessevdk/go-flags"
)

//go:embed lnd-options.txt
var lndOptions string

// foreign is what becomes of an option of lnd's that nwnd does not have.
type foreign struct {
	name   string
	alias  string   // the option of ours that it is
	only   []string // values that may stand; empty: all
	reason string
}

// foreigners reads lnd-options.txt.
func foreigners() map[string]foreign {
	all := make(map[string]foreign)
	for line := range strings.Lines(lndOptions) {
		field := strings.Fields(line)
		if len(field) < 3 || field[0] == "#" {
			continue
		}
		f := foreign{name: field[0]}
		switch rest := field[2:]; field[1] {
		case "is":
			f.alias = rest[0]
		case "only":
			f.only, f.reason = strings.Split(rest[0], "|"), strings.Join(rest[1:], " ")
		default:
			f.reason = strings.Join(rest, " ")
		}
		all[f.name] = f
	}
	return all
}

// refuses is the error of an option whose value must not be ignored, else nil. The value
// is not quoted: it may be a secret.
func (f foreign) refuses(value string) error {
	if len(f.only) == 0 || slices.ContainsFunc(f.only, func(v string) bool { return sameValue(v, value) }) {
		return nil
	}
	if f.only[0] == "-" {
		return fmt.Errorf("option %s is refused: %s; remove it", f.name, f.reason)
	}
	return fmt.Errorf("option %s is refused unless it is %s: %s", f.name, strings.Join(f.only, " or "), f.reason)
}

// sameValue compares values as go-flags would read them: a bare flag is true, 1m is 60s.
func sameValue(want, value string) bool {
	if want == "-" {
		return value == ""
	}
	if w, err := strconv.ParseBool(want); err == nil && (want == "true" || want == "false") {
		v, err := strconv.ParseBool(value)
		return value == "" && w || err == nil && v == w
	}
	if w, err := time.ParseDuration(want); err == nil {
		if v, err := time.ParseDuration(value); err == nil {
			return v == w
		}
	}
	return strings.EqualFold(want, value)
}

// lndSections are the headings of a configuration file of lnd's, in lower case. What is
// in which makes no difference: an option's name says all.
var lndSections = []string{
	"application options", "autopilot", "bitcoin", "bitcoind", "bolt", "btcd", "caches", "chainrpc",
	"cluster", "db", "etcd", "fee", "gossip", "grpc", "healthcheck", "htlcswitch", "invoices",
	"logging", "neutrino", "postgres", "pprof", "prometheus", "protocol", "remotesigner", "routerrpc",
	"routing", "rpcmiddleware", "signrpc", "sqlite", "sweeper", "sweeper.budget", "tor", "walletrpc",
	"watchtower", "workers", "wtclient",
}

// ownSections are the headings that lnd doesn't know.
var ownSections = []string{"evm"}

// Ignored is an option of lnd's that was given and changes nothing.
type Ignored struct{ Name, Reason string }

// reader takes options as they are given to those that nwnd has.
type reader struct {
	own      map[string]bool   // name -> may be in a file
	switches map[string]bool   // those that are on or off
	kinds    map[string]string // what the value of each must be
	foreign  map[string]foreign
	lenient  bool // an unknown option is left to be ignored
	ignored  []Ignored
}

func newReader(lenient bool) *reader {
	r := &reader{own: make(map[string]bool), switches: make(map[string]bool), kinds: make(map[string]string),
		foreign: foreigners(), lenient: lenient}
	r.learn("", reflect.TypeFor[Options]())
	return r
}

// learn collects the names of all options of ours.
func (r *reader) learn(prefix string, t reflect.Type) {
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		if tag.Get("group") != "" {
			sub := prefix
			if space := tag.Get("namespace"); space != "" {
				sub += space + "."
			}
			r.learn(sub, t.Field(i).Type)
			continue
		}
		name := prefix + tag.Get("long")
		r.own[name] = tag.Get("no-ini") == ""
		r.switches[name] = t.Field(i).Type.Kind() == reflect.Bool
		r.kinds[name] = kind(t.Field(i))
	}
}

// option says under which name of ours an option counts, "" if it doesn't.
func (r *reader) option(name, value string, file bool) (string, error) {
	if _, ours := r.own[name]; ours {
		return name, nil
	}
	f, known := r.foreign[name]
	switch {
	case known && f.alias != "" && file && !r.own[f.alias]:
		f.reason = "it counts as a flag only; ours is --" + f.alias
	case known && f.alias != "":
		return f.alias, nil
	case r.lenient:
		return "", nil
	case !known && file:
		return "", r.stranger(name)
	case !known:
		return "", r.unknown(name)
	}
	if err := f.refuses(value); err != nil {
		return "", err
	}
	if !slices.Contains(r.ignored, Ignored{name, f.reason}) {
		r.ignored = append(r.ignored, Ignored{name, f.reason})
	}
	return "", nil
}

// file takes the text of a file to one with our options only. Lines keep their numbers.
func (r *reader) file(text string) (string, error) {
	var out strings.Builder
	number := uint(0)
	for line := range strings.Lines(text) {
		number++
		kept, err := r.line(strings.TrimSpace(line))
		if err != nil {
			return "", &flags.IniError{Message: err.Error(), LineNumber: number}
		}
		out.WriteString(kept + "\n")
	}
	return out.String(), nil
}

func (r *reader) line(line string) (string, error) {
	switch {
	case line == "" || line[0] == ';' || line[0] == '#':
		return "", nil
	case line[0] == '[':
		return "", r.section(line)
	}
	name, value, ok := strings.Cut(line, "=")
	if !ok {
		return "", r.malformed(line)
	}
	plain := strings.TrimSpace(value)
	if unquoted, err := strconv.Unquote(plain); err == nil {
		plain = unquoted
	}
	name, err := r.option(strings.ToLower(strings.TrimSpace(name)), plain, true)
	if name == "" || err != nil || plain == "" && !r.switches[name] {
		return "", err
	}
	return name + "=" + value, nil
}

func (r *reader) section(line string) error {
	name := strings.TrimSpace(strings.TrimSuffix(line[1:], "]"))
	name = strings.ToLower(name)
	if r.lenient || slices.Contains(lndSections, name) || slices.Contains(ownSections, name) {
		return nil
	}
	return errors.New("there is no section of that name; sections may be left out")
}

// flags takes flags to ours only. What follows a flag of lnd's and is no flag is its value.
func (r *reader) flags(args []string) (ours []string, err error) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			return append(ours, args[i:]...), nil
		}
		name, value, pair := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		_, known := r.foreign[name]
		if !strings.HasPrefix(a, "--") || name == "help" || !known && r.lenient {
			ours = append(ours, a)
			continue
		}
		next := i+1 < len(args) && !strings.HasPrefix(args[i+1], "-")
		if known && !pair && next {
			i++
			value, pair = args[i], true
		}
		if name, err = r.option(name, value, false); err != nil {
			return nil, fmt.Errorf("config: %w", err)
		}
		if name != "" && !pair {
			ours = append(ours, "--"+name)
		} else if name != "" {
			ours = append(ours, "--"+name+"="+value)
		}
	}
	return ours, nil
}

// distance is how many letters to change, add or remove to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
