package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// emit prints JSON: indented, or with --get one field of it. protojson varies its
// spaces from build to build, so that they are always made anew.
func (a *app) emit(raw []byte) error {
	if a.get != "" {
		return a.emitField(raw)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact(raw), "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.out, "%s\n", b.Bytes())
	return err
}

func compact(raw []byte) []byte {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return raw // Indent says what is wrong
	}
	return b.Bytes()
}

// emitField prints what --get names: text as it is, all else as JSON.
func (a *app) emitField(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	for _, name := range strings.Split(a.get, ".") {
		var err error
		if v, err = field(v, name); err != nil {
			return err
		}
	}
	if s, ok := v.(string); ok {
		_, err := fmt.Fprintln(a.out, clean(s))
		return err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", b)
	return err
}

// field is one of an object, by name, or of a list, by number, -1 being the last.
func field(v any, name string) (any, error) {
	switch in := v.(type) {
	case map[string]any:
		if x, ok := in[name]; ok {
			return x, nil
		}
		return nil, usage("--get: no field %q; there are: %s", name, strings.Join(slices.Sorted(maps.Keys(in)), ", "))
	case []any:
		n, err := strconv.Atoi(name)
		if err == nil && n < 0 {
			n += len(in)
		}
		if err != nil || n < 0 || n >= len(in) {
			return nil, usage("--get: %q names none of a list of %d; 0 is the first, -1 the last", name, len(in))
		}
		return in[n], nil
	}
	return nil, usage("--get: %q is asked of what has no fields: %v", name, v)
}
