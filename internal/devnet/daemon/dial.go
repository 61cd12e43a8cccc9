package daemon

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/nichework/nwnd/lnrpc"
)

// maxMessage bounds an answer of the API; a list of 10,000 payments fits.
const maxMessage = 64 << 20

// macaroonHex is sent with every call, in lnd's metadata field.
type macaroonHex string

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (m macaroonHex) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"macaroon": string(m)}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials.
func (macaroonHex) RequireTransportSecurity() bool { return true }

// macaroon makes the dial option that authorises calls.
func (n *Node) macaroon() (grpc.DialOption, error) {
	b, err := os.ReadFile(n.MacaroonFile())
	if err != nil {
		return nil, err
	}
	return grpc.WithPerRPCCredentials(macaroonHex(hex.EncodeToString(b))), nil
}

// dial replaces the connection. Each start gets a new one, so that no client waits
// out the back-off that an old connection learnt while the daemon was down.
func (n *Node) dial(options ...func() (grpc.DialOption, error)) error {
	tls, err := credentials.NewClientTLSFromFile(n.CertFile(), "")
	if err != nil {
		return err
	}
	opts := []grpc.DialOption{
		grpc.WithTransportCredentials(tls),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
	}
	for _, option := range options {
		o, err := option()
		if err != nil {
			return err
		}
		opts = append(opts, o)
	}
	n.hangUp()
	n.conn, err = grpc.NewClient(n.RPCAddress(), opts...)
	return err
}

func (n *Node) hangUp() {
	if n.conn != nil {
		n.conn.Close()
		n.conn = nil
	}
}

// unlock creates the wallet the first time; after that the password file unlocks it.
// It returns when the main service answers.
func (n *Node) unlock(ctx context.Context) error {
	created := false
	return n.proc.Await(ctx, "the wallet to be unlocked", func(ctx context.Context) error {
		if n.conn == nil {
			if err := n.dial(); err != nil {
				return err
			}
		}
		state, err := lnrpc.NewStateClient(n.conn).GetState(ctx, &lnrpc.GetStateRequest{})
		if err != nil {
			n.hangUp() // the next try dials at once
			return err
		}
		switch {
		case state.State == lnrpc.WalletState_SERVER_ACTIVE:
			return nil
		case state.State == lnrpc.WalletState_NON_EXISTING && !created:
			if err := n.create(ctx); err != nil {
				return err
			}
			created = true
		}
		return fmt.Errorf("in state %v", state.State)
	})
}

// lookAhead is how many addresses a restored wallet looks ahead for coins.
const lookAhead = 50

// create makes the wallet: of a new seed, which only this process knows, since it holds play
// money, or after Wipe of the old one.
func (n *Node) create(ctx context.Context) error {
	password, err := os.ReadFile(n.passwordFile())
	if err != nil {
		return err
	}
	unlocker := lnrpc.NewWalletUnlockerClient(n.conn)
	req := &lnrpc.InitWalletRequest{WalletPassword: password, CipherSeedMnemonic: n.seed}
	if n.seed == nil {
		seed, err := unlocker.GenSeed(ctx, &lnrpc.GenSeedRequest{})
		if err != nil {
			return err
		}
		if len(seed.CipherSeedMnemonic) != 24 {
			return errors.New("a seed does not have 24 words")
		}
		req.CipherSeedMnemonic = seed.CipherSeedMnemonic
	} else {
		req.RecoveryWindow = lookAhead
	}
	if n.backup != nil {
		req.ChannelBackups = &lnrpc.ChanBackupSnapshot{MultiChanBackup: &lnrpc.MultiChanBackup{MultiChanBackup: n.backup}}
	}
	if _, err := unlocker.InitWallet(ctx, req); err != nil {
		return err
	}
	n.seed, n.backup = req.CipherSeedMnemonic, nil
	return nil
}
