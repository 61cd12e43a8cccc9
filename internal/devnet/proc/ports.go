package proc

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports are taken below the range that systems use for outgoing connections, so
// that a daemon that restarts finds its own port free: nobody's client got it.
const (
	firstPort = 18_000
	lastPort  = 31_999
)

// FreePorts returns n different TCP ports on which nobody listens on loopback.
func FreePorts(n int) ([]int, error) {
	held := make([]net.Listener, 0, n)
	defer func() {
		for _, l := range held {
			l.Close()
		}
	}()
	var ports []int
	for range lastPort - firstPort { // far more tries than are ever needed
		if len(ports) == n {
			return ports, nil
		}
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		held = append(held, l)
		ports = append(ports, port)
	}
	return nil, fmt.Errorf("proc: found %d free ports of %d", len(ports), n)
}
