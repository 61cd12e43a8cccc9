package btcd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// process is a running program and the goroutine that waits for it.
type process struct {
	cancel context.CancelFunc
	output string        // file with what it prints
	done   chan struct{} // closed when it has ended
	err    error         // how it ended; read after done
}

// run starts a program that is interrupted when ctx ends, and killed if it ignores that. Should
// this process be killed, the program goes with it (where the system offers that).
func run(ctx context.Context, binary string, args []string, output string) (*process, error) {
	out, err := os.OpenFile(output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("btcd: output file: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopTimeout
	dieWithParent(cmd)

	p := &process{cancel: cancel, output: output, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer out.Close()
		defer cancel()
		// The system watches the starting thread as the parent: keep it for as long.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("btcd: start %s: %w", binary, err)
	}
	return p, nil
}

// stop interrupts the program and waits for its end. To have been interrupted is no error.
func (p *process) stop() error {
	asked := true
	select {
	case <-p.done:
		asked = false
	default:
	}
	p.cancel()
	<-p.done
	var exit *exec.ExitError
	if p.err == nil || errors.Is(p.err, context.Canceled) || asked && errors.As(p.err, &exit) {
		return nil
	}
	return fmt.Errorf("btcd: %w, see %s", p.err, p.output)
}
