package restserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// input makes a call's body of what the client sends over a socket: nothing, one message,
// or a stream of them. Its take and fail belong to the goroutine that reads the socket.
type input struct {
	s     *Server
	first chan received  // of a method that takes one message: that one, or why there is none
	given bool           // first has it; what comes after is dropped
	read  *io.PipeReader // of a method that takes a stream
	write *io.PipeWriter
	free  func() // gives back the room of the body
}

type received struct {
	body []byte
	free func()
	err  error
}

func newInput(s *Server, p *path) *input {
	in := &input{s: s, free: func() {}}
	switch {
	case p == nil || !p.body && !p.streams():
	case p.streams():
		in.read, in.write = io.Pipe()
	default:
		in.first = make(chan received, 1)
	}
	return in
}

func (in *input) take(r io.Reader) error {
	if in.write != nil {
		if _, err := io.Copy(in.write, r); err != nil {
			return err
		}
		_, err := io.WriteString(in.write, "\n")
		return err
	}
	if in.first == nil || in.given {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	body, free, err := in.s.read(r)
	if err != nil {
		return err
	}
	in.given = true
	in.first <- received{body: body, free: free}
	return nil
}

// fail ends what is waited for.
func (in *input) fail(err error) {
	if in.write != nil {
		in.write.CloseWithError(err)
	}
	if in.first != nil && !in.given {
		in.given = true
		in.first <- received{err: err, free: func() {}}
	}
}

// body waits for what the call needs to begin.
func (in *input) body(s *Server) (io.ReadCloser, error) {
	if in.read != nil {
		return in.read, nil
	}
	if in.first == nil {
		return http.NoBody, nil
	}
	late := time.NewTimer(s.cfg.Limits.Transfer)
	defer late.Stop()
	select {
	case m := <-in.first:
		in.free = m.free
		return io.NopCloser(bytes.NewReader(m.body)), m.err
	case <-late.C:
		return nil, errLate
	case <-s.stopping.Done():
		return nil, s.stopping.Err()
	}
}

var errLate = errors.New("no message came")

// close lets take go on, if it waits for the call to read.
func (in *input) close() {
	if in.read != nil {
		in.read.Close()
	}
}

// drop gives back all room, when nothing is read from the socket any more.
func (in *input) drop() {
	select {
	case m := <-in.first:
		m.free()
	default:
	}
	in.free()
}
