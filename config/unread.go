package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/jessevdk/go-flags"
)

// Errors about what can't be read tell of options by name, and never repeat anything else that
// was given: it may be a password, or a part of one that stands where it shouldn't.

var (
	choices    = regexp.MustCompile(`choice:"([^"]*)"`)
	plainName  = regexp.MustCompile(`^[a-z0-9.-]{1,100}$`)
	optionName = regexp.MustCompile("--([a-z0-9.-]+)'")
)

// kind says what the value of an option must be.
func kind(f reflect.StructField) string {
	var among []string
	for _, m := range choices.FindAllStringSubmatch(string(f.Tag), -1) {
		among = append(among, m[1])
	}
	t := f.Type
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch {
	case len(among) > 0:
		return "one of " + strings.Join(among, ", ")
	case t == reflect.TypeFor[time.Duration]():
		return "a time such as 10s or 5m"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.String:
		return "text, with both quotes if it has one"
	}
	return "a number in range"
}

// known reports whether nwnd or lnd has an option.
func (r *reader) known(name string) bool {
	_, ours := r.own[name]
	_, theirs := r.foreign[name]
	return ours || theirs
}

// malformed is the error of a line that is no option=value.
func (r *reader) malformed(line string) error {
	if name := first(line); r.known(name) {
		return fmt.Errorf("option %s: not of the form option=value", name)
	}
	return errors.New("not of the form option=value")
}

// first is what may be an option's name at the beginning of a line.
func first(line string) string {
	name, _, _ := strings.Cut(strings.ToLower(line), "=")
	if fields := strings.FieldsFunc(name, func(c rune) bool { return c <= ' ' || c == ':' }); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// stranger is the error of a line of the file whose name before = is unknown. It isn't repeated: it
// may be the rest of a password that takes two lines or ends in =.
func (r *reader) stranger(given string) error {
	name := first(given)
	if r.known(name) {
		return r.malformed(given)
	}
	if near := r.nearest(name); near != "" {
		return fmt.Errorf("unknown option; is it %s?", near)
	}
	return errors.New("unknown option")
}

// unknown is the error of a flag that is unknown.
func (r *reader) unknown(name string) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("unknown option of %d letters", len(name))
	}
	if near := r.nearest(name); near != "" {
		return fmt.Errorf("unknown option: %s; is it %s?", name, near)
	}
	return fmt.Errorf("unknown option: %s", name)
}

// nearest is the option that was probably meant, "" if there is none.
func (r *reader) nearest(name string) string {
	if !plainName.MatchString(name) {
		return ""
	}
	best, least := "", len(name)/3+1
	try := func(n string) {
		if d := distance(name, n); d < least || d == least && n < best {
			best, least = n, d
		}
	}
	for n := range r.own {
		try(n)
	}
	for n := range r.foreign {
		try(n)
	}
	return best
}

// unreadLine is the error of a line of ours, the text of a file, that the parser refused.
func (r *reader) unreadLine(ours string, err error) error {
	var ie *flags.IniError
	if !errors.As(err, &ie) {
		return errors.New("it can't be read")
	}
	message := "it can't be read"
	if lines := strings.Split(ours, "\n"); ie.LineNumber > 0 && ie.LineNumber <= uint(len(lines)) {
		if name := first(lines[ie.LineNumber-1]); r.kinds[name] != "" {
			message = fmt.Sprintf("option %s must be %s", name, r.kinds[name])
		}
	}
	return &flags.IniError{Message: message, LineNumber: ie.LineNumber}
}

// unreadFlag is the error of flags that the parser refused.
func (r *reader) unreadFlag(err error) error {
	for _, m := range optionName.FindAllStringSubmatch(err.Error(), -1) {
		if want := r.kinds[m[1]]; want != "" {
			var fe *flags.Error
			if errors.As(err, &fe) && fe.Type == flags.ErrNoArgumentForBool {
				return fmt.Errorf("config: option --%s is a switch and takes no value", m[1])
			}
			return fmt.Errorf("config: option --%s needs a value: %s", m[1], want)
		}
	}
	return errors.New("config: a flag can't be read; nwnd --help lists them")
}
