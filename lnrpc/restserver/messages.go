package restserver

import (
	"bytes"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// messages is the http.ResponseWriter of a call over a socket: each line that the gateway
// writes is a message. Status and fields have no place there.
type messages struct {
	conn   *websocket.Conn
	limits Limits
	header http.Header
	line   []byte
	err    error // the first; nothing is sent after it
}

// Header is of http.ResponseWriter.
func (m *messages) Header() http.Header { return m.header }

// WriteHeader is of http.ResponseWriter.
func (m *messages) WriteHeader(int) {}

// Flush is of http.Flusher.
func (m *messages) Flush() {}

// Write is of http.ResponseWriter. It waits for the client to take the lines in b.
func (m *messages) Write(b []byte) (int, error) {
	n := len(b)
	for m.err == nil && len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		if int64(len(m.line)+len(line)) > m.limits.Message {
			m.err = errTooBig
			break
		}
		m.line = append(m.line, line...)
		if b = rest; whole {
			m.send()
		}
	}
	if m.err != nil {
		return 0, m.err
	}
	return n, nil
}

func (m *messages) send() {
	if len(m.line) == 0 {
		return
	}
	if m.err = m.conn.SetWriteDeadline(time.Now().Add(m.limits.Transfer)); m.err == nil {
		m.err = m.conn.WriteMessage(websocket.TextMessage, m.line)
	}
	m.line = m.line[:0]
}

// end sends what has no line's end and returns the first error.
func (m *messages) end() error {
	if m.err == nil {
		m.send()
	}
	return m.err
}
