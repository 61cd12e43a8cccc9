package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// appGroup heads the options that belong to no chain, as lnd calls it.
const appGroup = "Application Options"

// WriteSample writes a file with every option, its meaning and its default, all
// commented out: as it stands it changes nothing.
func WriteSample(w io.Writer) error {
	s := &sample{w: w}
	s.line("# Options of nwnd. Each is shown with its default; uncomment it to change it.")
	s.line("# The same names, after --, are flags, which win over this file.")
	s.line("")
	s.line("[%s]", appGroup)
	s.group("", reflect.TypeFor[Options]())
	return s.err
}

type sample struct {
	w   io.Writer
	err error
}

func (s *sample) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format+"\n", args...)
	}
}

func (s *sample) group(prefix string, t reflect.Type) {
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		if name := tag.Get("group"); name != "" {
			if prefix == "" { // a group in a group stands under the heading of that
				s.line("")
				s.line("[%s]", name)
			}
			s.group(prefix+tag.Get("namespace")+".", t.Field(i).Type)
			continue
		}
		if tag.Get("no-ini") != "" {
			continue
		}
		s.line("")
		for _, l := range wrap(tag.Get("description"), 78) {
			s.line("# %s", l)
		}
		s.line("# %s%s=%s", prefix, tag.Get("long"), shown(t.Field(i)))
	}
}

// shown is the default of an option as it would be written.
func shown(f reflect.StructField) string {
	def := f.Tag.Get("default")
	if def == "" {
		def = f.Tag.Get("default-mask")
	}
	switch {
	case def == "-":
		return ""
	case def == "" && f.Type.Kind() == reflect.Bool:
		return "false"
	case def == "" && f.Type.Kind() >= reflect.Int && f.Type.Kind() <= reflect.Uint64:
		return "0"
	}
	return def
}

func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
