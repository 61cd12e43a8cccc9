package devnet

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// report tells what the demo does: sentences for a person, or one JSON object per line
// for a program. It is safe for concurrent use.
type report struct {
	mu    sync.Mutex
	out   io.Writer
	json  bool
	began time.Time
	step  int
	steps int
}

// fields are the numbers behind a sentence; only the JSON form shows them by name.
type fields map[string]any

// Step begins the next numbered step.
func (r *report) Step(title string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step++
	r.emit("step", fmt.Sprintf("\n%d/%d  %s", r.step, r.steps, title), fields{"title": title})
}

// Say adds a line to the current step.
func (r *report) Say(event string, f fields, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.emit(event, "     "+fmt.Sprintf(format, args...), f)
}

// End says how it all ended, in a line that a script can compare.
func (r *report) End(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = 0
	if err != nil {
		r.emit("result", "demo: FAILED: "+err.Error(), fields{"ok": false, "error": err.Error()})
		return
	}
	r.emit("result", "demo: ok", fields{"ok": true})
}

func (r *report) emit(event, text string, f fields) {
	elapsed := time.Since(r.began).Seconds()
	if !r.json {
		if event == "step" {
			text += fmt.Sprintf("  (%.1fs)", elapsed)
		}
		fmt.Fprintln(r.out, text)
		return
	}
	object := fields{"event": event, "elapsed_seconds": elapsed}
	if r.step > 0 {
		object["step"] = r.step
	}
	for k, v := range f {
		object[k] = v
	}
	line, err := json.Marshal(object)
	if err != nil {
		line = []byte(`{"event":"error"}`) // fields hold numbers and strings only
	}
	fmt.Fprintf(r.out, "%s\n", line)
}
