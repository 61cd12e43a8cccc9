package devnet

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nichework/nwnd/internal/devnet/proc"
)

// spare is a node that is prepared but not started: its user starts it, makes its wallet
// and sees how nwcli finds it by its configuration file.
type spare struct {
	name, dir string
}

// addSpare writes the configuration file of one more node, below the net's directory.
// It holds the password of the chain's RPC.
func addSpare(net *Net, name string) (*spare, error) {
	ports, err := proc.FreePorts(2)
	if err != nil {
		return nil, err
	}
	s := &spare{name: name, dir: filepath.Join(net.Dir, name)}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("devnet: %w", err)
	}
	c := net.Chain.RPC()
	text := fmt.Sprintf(`[Application Options]
alias=%s
listen=127.0.0.1:%d
externalip=127.0.0.1:%d
rpclisten=127.0.0.1:%d
norest=true
accept-keysend=true

[Bitcoin]
bitcoin.%s=true
bitcoin.node=btcd

[btcd]
btcd.rpchost=%s
btcd.rpcuser=%s
btcd.rpcpass=%s
btcd.rpccert=%s
`, name, ports[0], ports[0], ports[1], c.Network, c.Host, c.User, c.Pass, c.CertPath)
	if err := os.WriteFile(filepath.Join(s.dir, "nwnd.conf"), []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("devnet: %w", err)
	}
	return s, nil
}

// paste prints shell functions: one that starts the node, and one of its name.
func (s *spare) paste(out io.Writer) {
	fmt.Fprintf(out, "%s() { %s --nwnddir=%s \"$@\"; }\n", s.name, program("nwcli"), s.dir)
	fmt.Fprintf(out, "start_%s() { %s --nwnddir=%s >/dev/null 2>&1 & }\n", s.name, program("nwnd"), s.dir)
}

// program is the path of one beside this one, or its name, for the shell to find.
func program(name string) string {
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), name); exists(beside) {
			return beside
		}
	}
	return name
}
