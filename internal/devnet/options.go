package devnet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// options are the flags that both commands have.
type options struct {
	dir  string
	btcd string
	lnd  string
}

func (o *options) register(f *flag.FlagSet) {
	f.StringVar(&o.dir, "dir", "", "directory of all files (default: a temporary one, removed at the end)")
	f.StringVar(&o.btcd, "btcd", os.Getenv("NWND_BTCD"), "btcd program (default: beside nwnd, in $PATH, or as the go command builds it)")
	f.StringVar(&o.lnd, "lnd", "", "run this lnd in nwnd's place, to compare")
}

// tempName begins the names of temporary directories.
const tempName = "nwnd-devnet-"

// kind is what the nodes run.
func (o *options) kind() daemon.Kind {
	if o.lnd != "" {
		return daemon.LND
	}
	return daemon.NWND
}

// programs finds btcd, and takes the running executable for nwnd.
func (o *options) programs(ctx context.Context) (Programs, error) {
	self, err := os.Executable()
	if err != nil {
		return Programs{}, fmt.Errorf("devnet: %w", err)
	}
	p := Programs{Nwnd: self, Lnd: o.lnd, Btcd: o.btcd}
	if p.Btcd != "" {
		return p, nil
	}
	if p.Btcd, err = btcd.Find(); err == nil {
		return p, nil
	}
	out, toolErr := exec.CommandContext(ctx, "go", "tool", "-n", "github.com/btcsuite/btcd").Output()
	if toolErr != nil {
		return p, fmt.Errorf("%w; nor can the go command build it here (%w): name one with --btcd", err, toolErr)
	}
	p.Btcd = strings.TrimSpace(string(out))
	return p, nil
}

// start makes the directory and brings up the chain. The returned function ends it all;
// it removes the directory if that was a temporary one and its argument is nil.
func (o *options) start(ctx context.Context) (*Net, func(error) error, error) {
	programs, err := o.programs(ctx)
	if err != nil {
		return nil, nil, err
	}
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", tempName); err != nil {
			return nil, nil, fmt.Errorf("devnet: %w", err)
		}
	}
	// The chain must outlive a Ctrl-C until the nodes have stopped.
	net, err := Start(context.WithoutCancel(ctx), dir, programs)
	if err != nil {
		return nil, nil, err
	}
	end := func(err error) error {
		err = gone(dir, errors.Join(err, net.Stop(context.WithoutCancel(ctx))))
		if err == nil && o.dir == "" {
			return os.RemoveAll(dir)
		}
		return err
	}
	return net, end, nil
}

// paste prints shell functions of the nodes' names.
func paste(out io.Writer, nodes []*daemon.Node) {
	nwcli := program("nwcli")
	fmt.Fprintln(out, "# paste into a shell:")
	for _, n := range nodes {
		fmt.Fprintf(out, "%s() { %s --rpcserver=%s --tlscertpath=%s --macaroonpath=%s \"$@\"; }\n",
			n.Name, nwcli, n.RPCAddress(), n.CertFile(), n.MacaroonFile())
	}
}

// suggest prints what to try with them, as comments: whoever pastes all of it does no harm.
func suggest(out io.Writer, nodes []*daemon.Node) {
	first, last := nodes[0].Name, nodes[len(nodes)-1].Name
	fmt.Fprintf(out, "# then, for example:\n#   %s getinfo\n#   %s channels\n#   %s invoice 1000\n#   %s pay <invoice>\n", first, first, last, first)
}

// gone adds to an error that the files of all nodes aren't there any more, which explains the rest.
func gone(dir string, err error) error {
	if err != nil && !exists(dir) {
		return fmt.Errorf("devnet: something else removed %s while it was in use: %w", dir, err)
	}
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
