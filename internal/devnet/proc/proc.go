package proc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Spec says what to run.
type Spec struct {
	Name string   // for messages
	Path string   // the executable
	Args []string // its arguments, without the name
	Env  []string // added to this process's environment
	Log  string   // file that stdout and stderr are appended to
}

// Process is a running child. It is killed by the kernel when this program dies,
// where the system can do that (Linux).
type Process struct {
	spec Spec
	cmd  *exec.Cmd
	done chan struct{}
	err  error // how it ended; read after done is closed
}

// ErrEnded is returned by Await when the process ended before the condition held.
var ErrEnded = errors.New("proc: the process ended")

// Start runs spec in a process group of its own, so that a terminal's Ctrl-C
// reaches this program only, which then stops its children in its own order.
func Start(spec Spec) (*Process, error) {
	if err := os.MkdirAll(filepath.Dir(spec.Log), 0o700); err != nil {
		return nil, fmt.Errorf("proc: %s: %w", spec.Name, err)
	}
	log, err := os.OpenFile(spec.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("proc: %s: %w", spec.Name, err)
	}
	defer log.Close() // the child has its own descriptor
	cmd := exec.Command(spec.Path, spec.Args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), spec.Env...)
	cmd.SysProcAttr = childAttributes()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("proc: %s: %w", spec.Name, err)
	}
	p := &Process{spec: spec, cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed once the process has ended and was reaped.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the process ended; nil while it runs and after exit status 0.
func (p *Process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Kill sends SIGKILL and returns when the process is gone.
func (p *Process) Kill() error {
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.done
	return nil
}

// Stop sends SIGINT and returns when the process has ended. If ctx ends first the
// process is killed and an error says so: a daemon that can't stop is a bug.
func (p *Process) Stop(ctx context.Context) error {
	if err := p.signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		if err := p.Kill(); err != nil {
			return err
		}
		return fmt.Errorf("proc: %s did not stop and was killed: %w", p.spec.Name, ctx.Err())
	}
}

func (p *Process) signal(s os.Signal) error {
	err := p.cmd.Process.Signal(s)
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("proc: %s: %w", p.spec.Name, err)
	}
	return nil
}

// Await is Await with the process's end as a further reason to stop; the error then
// carries the last lines of its log.
func (p *Process) Await(ctx context.Context, what string, ok func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-p.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := Await(ctx, what, ok)
	if err == nil {
		return nil
	}
	select {
	case <-p.done:
		return fmt.Errorf("%w: %s: %v\n%s", ErrEnded, p.spec.Name, p.err, Tail(p.spec.Log, 20))
	default:
		return err
	}
}
