package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// show prints an answer: as JSON if asked, else as people prefers.
func (a *app) show(m proto.Message, people func(w *table)) error {
	if a.json {
		b, err := marshal(m)
		if err != nil {
			return err
		}
		return a.emit(b)
	}
	t := &table{tw: tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)}
	people(t)
	return errors.Join(t.err, t.tw.Flush())
}

// showAll prints several answers as one JSON object: name, answer, name, answer and so on.
func (a *app) showAll(pairs ...any) error {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		b, err := marshal(pairs[i+1])
		if err != nil {
			return err
		}
		parts = append(parts, fmt.Sprintf("%q:%s", pairs[i], b))
	}
	return a.emit([]byte("{" + strings.Join(parts, ",") + "}"))
}

// showMerged prints several answers, which have no field in common, as one JSON object.
func (a *app) showMerged(all ...proto.Message) error {
	var parts []string
	for _, m := range all {
		b, err := marshal(m)
		if err != nil {
			return err
		}
		b = compact(b)
		parts = append(parts, string(b[1:len(b)-1]))
	}
	return a.emit([]byte("{" + strings.Join(parts, ",") + "}"))
}

// marshal writes messages of the API as it names them, absent fields too, and all else
// as Go does.
func marshal(v any) ([]byte, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return json.Marshal(v)
	}
	return protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}.Marshal(m)
}

// table writes lines of cells that are aligned.
type table struct {
	tw  *tabwriter.Writer
	err error
}

func (t *table) row(cells ...any) {
	text := make([]string, len(cells))
	for i, c := range cells {
		text[i] = clean(fmt.Sprint(c))
	}
	if _, err := fmt.Fprintln(t.tw, strings.Join(text, "\t")); t.err == nil {
		t.err = err
	}
}

// clean drops what other nodes could make a terminal do, but for the runes that may
// stay: names, memos and errors are theirs.
func clean(s string, may ...rune) string {
	return strings.Map(func(r rune) rune {
		for _, m := range may {
			if r == m {
				return r
			}
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// note tells the person something that is no part of the answer.
func (a *app) note(format string, args ...any) {
	if !a.json {
		fmt.Fprintln(a.errOut, clean(fmt.Sprintf(format, args...), '\n'))
	}
}

func ago(sec int64) string {
	if sec == 0 {
		return "-"
	}
	return time.Unix(sec, 0).Format("2006-01-02 15:04:05")
}

// short is the beginning of a key or hash.
func short(s string) string {
	if len(s) > 16 {
		return s[:16] + "…"
	}
	return s
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// scid is a short channel id as BOLT 7 writes it.
func scid(id uint64) string {
	if id == 0 {
		return "-"
	}
	return fmt.Sprintf("%dx%dx%d", id>>40, id>>16&0xffffff, id&0xffff)
}
