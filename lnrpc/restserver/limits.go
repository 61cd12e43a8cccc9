package restserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	maxHeader  = 32 << 10 // bytes; an invoice may be in the path, a macaroon in a field
	maxStreams = 100      // requests at once on one HTTP/2 connection
	chunk      = 64 << 10 // bytes that a client takes at least in Limits.Transfer
)

// Limits are what the server takes on at most.
type Limits struct {
	Connections int           // per listener
	Calls       int64         // requests at once, sockets not counted
	Sockets     int64         // WebSockets at once
	Message     int64         // bytes of a body, and of a socket's message either way
	Memory      int64         // bytes of bodies and messages that are being read, together
	Header      time.Duration // for a request's header to come
	Transfer    time.Duration // for a body to come; for a client to take 64 KiB; for a socket's first message
	Idle        time.Duration // between requests of one connection
}

func (l *Limits) fill() {
	def := func(p *int64, v int64) {
		if *p == 0 {
			*p = v
		}
	}
	if l.Connections == 0 {
		l.Connections = 512
	}
	def(&l.Calls, 500)
	def(&l.Sockets, 256)
	def(&l.Message, 4<<20)
	def(&l.Memory, 64<<20)
	def((*int64)(&l.Header), int64(10*time.Second))
	def((*int64)(&l.Transfer), int64(30*time.Second))
	def((*int64)(&l.Idle), int64(2*time.Minute))
}

// limited counts the requests that are not for a socket, and keeps a client that does
// not read from holding one.
func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.calls.Add(-1)
		if s.calls.Add(1) > s.cfg.Limits.Calls {
			refuse(w, http.StatusTooManyRequests, codes.ResourceExhausted, "too many calls at once")
			return
		}
		next.ServeHTTP(&steady{ResponseWriter: w, control: http.NewResponseController(w), limit: s.cfg.Limits.Transfer}, r)
	})
}

// whole reads the body before the call is made, so that a slow or endless one holds
// nothing but its connection.
func (s *Server) whole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Now().Add(s.cfg.Limits.Transfer)) // every server of ours can
		body, release, err := s.read(r.Body)
		if err != nil {
			w.Header().Set("Connection", "close")
			s.unread(w, err)
			return
		}
		defer release()
		_ = control.SetReadDeadline(time.Time{})
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

var (
	errTooBig = errors.New("message is too big")
	errNoRoom = errors.New("too many messages at once")
)

// unread says why a body was not read.
func (s *Server) unread(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, errTooBig):
		refuse(w, http.StatusRequestEntityTooLarge, codes.ResourceExhausted, "the body may have %d bytes", s.cfg.Limits.Message)
	case errors.Is(err, errNoRoom):
		refuse(w, http.StatusTooManyRequests, codes.ResourceExhausted, "%v", errNoRoom)
	case errors.Is(err, os.ErrDeadlineExceeded):
		refuse(w, http.StatusRequestTimeout, codes.DeadlineExceeded, "the body did not come within %v", s.cfg.Limits.Transfer)
	default:
		refuse(w, http.StatusBadRequest, codes.InvalidArgument, "the body was cut off")
	}
}

// read reads all of r, taking room for it as it comes; release gives that back.
func (s *Server) read(r io.Reader) (b []byte, release func(), err error) {
	var taken int64
	free := func() { s.room.Release(taken) }
	defer func() {
		if err != nil {
			free()
		}
	}()
	for {
		if int64(len(b)) == taken {
			more := min(max(taken, 4<<10), s.cfg.Limits.Message+1-taken)
			if more <= 0 {
				return nil, nil, errTooBig
			}
			if !s.room.TryAcquire(more) {
				return nil, nil, errNoRoom
			}
			taken += more
			b = append(make([]byte, 0, taken), b...)
		}
		n, err := r.Read(b[len(b):taken])
		b = b[:len(b)+n]
		if int64(len(b)) > s.cfg.Limits.Message {
			return nil, nil, errTooBig
		}
		if errors.Is(err, io.EOF) {
			return b, free, nil
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// steady gives a client a limited time for each chunk, and none in between.
type steady struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func (w *steady) Write(b []byte) (n int, err error) {
	for first := true; first || len(b) > 0 && err == nil; first = false {
		part := b[:min(len(b), chunk)]
		b = b[len(part):]
		var m int
		err = w.within(func() (err error) { m, err = w.ResponseWriter.Write(part); return err })
		n += m
	}
	return n, err
}

// FlushError is what http.ResponseController calls.
func (w *steady) FlushError() error { return w.within(w.control.Flush) }

func (w *steady) within(do func() error) error {
	if err := w.control.SetWriteDeadline(time.Now().Add(w.limit)); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return w.control.SetWriteDeadline(time.Time{})
}

// Unwrap is for http.ResponseController.
func (w *steady) Unwrap() http.ResponseWriter { return w.ResponseWriter }
