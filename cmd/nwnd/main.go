// Command nwnd is the node: without a subcommand it runs the daemon; devnet and demo
// bring up a network on this machine.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc/grpclog"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/devnet"
)

func main() {
	if os.Getenv("GRPC_GO_LOG_SEVERITY_LEVEL") == "" {
		// grpc and its gateway call a client that went away an error and write to stderr.
		grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends a shutdown that hangs
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const usage = `nwnd is a Lightning node.

  nwnd [options]     run the node; nwnd --help lists the options
  nwnd devnet        chains and nodes on this machine, to try things on; devnet mine and devnet warp
                     move the chains of one that runs
  nwnd demo          payments over several hops on a devnet, shown and checked
  nwnd deploy-adjudicator
                     put the contract that holds channels on an EVM chain
  nwnd sampleconfig  print a configuration file with every option
  nwnd version       print the version

`

// run dispatches; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "devnet":
			return devnet.Main(ctx, args[1:], stdout, stderr)
		case "demo":
			return devnet.DemoMain(ctx, args[1:], stdout, stderr)
		case "deploy-adjudicator":
			return deployMain(ctx, args[1:], stdout, stderr)
		case "sampleconfig":
			return report(stderr, config.WriteSample(stdout))
		case "version", "--version", "-V":
			fmt.Fprintln(stdout, "nwnd version", version())
			return 0
		case "help":
			fmt.Fprint(stdout, usage)
			return 0
		}
	}
	return report(stderr, daemon(ctx, args, stdout))
}

// report prints an error and returns the exit status that tells of it.
func report(stderr io.Writer, err error) int {
	if err != nil {
		fmt.Fprintln(stderr, "nwnd:", err)
		return 1
	}
	return 0
}
