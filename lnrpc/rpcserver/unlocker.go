package rpcserver

import (
	"context"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

// minPassword is the fewest bytes of a wallet's password.
const minPassword = 8

// maxRecoveryWindow is the most addresses to look ahead.
const maxRecoveryWindow = 100_000

// Wallet is what the server asks of the wallet's keeper. A secret may be kept only
// until the call returns.
type Wallet interface {
	Exists() (bool, error)
	// GenSeed makes a seed, of entropy (16 bytes) if given.
	GenSeed(entropy, passphrase []byte) (words []string, enciphered []byte, err error)
	Create(context.Context, NewWallet) error
	Unlock(ctx context.Context, password []byte, recoveryWindow uint32) error
	// ChangePassword opens the wallet with its password, and gives it another.
	ChangePassword(ctx context.Context, password, another []byte) error
}

// NewWallet is what a wallet is made of.
type NewWallet struct {
	Password       []byte
	Words          []string
	SeedPassphrase []byte
	RecoveryWindow uint32 // 0: the seed is new, so no coins are looked for
}

// unlocking lets one caller at a time try a password, which is slow on purpose.
type unlocking struct {
	mu   sync.Mutex
	done chan struct{}
	once sync.Once
}

type unlockerService struct {
	lnrpc.UnimplementedWalletUnlockerServer
	s *Server
}

var errUnlocking = status.Error(codes.ResourceExhausted, "another call is opening the wallet")

func (u *unlockerService) GenSeed(_ context.Context, in *lnrpc.GenSeedRequest) (*lnrpc.GenSeedResponse, error) {
	if now, _, _ := u.s.state.get(); now != lnrpc.WalletState_NON_EXISTING {
		return nil, status.Error(codes.Unknown, "wallet already exists")
	}
	if n := len(in.SeedEntropy); n != 0 && n != 16 {
		return nil, invalid("incorrect entropy length: expected 16 bytes, instead got %d bytes", n)
	}
	words, enciphered, err := u.s.cfg.Wallet.GenSeed(in.SeedEntropy, in.AezeedPassphrase)
	if err != nil {
		return nil, err
	}
	return &lnrpc.GenSeedResponse{CipherSeedMnemonic: words, EncipheredSeed: enciphered}, nil
}

func (u *unlockerService) InitWallet(ctx context.Context, in *lnrpc.InitWalletRequest) (*lnrpc.InitWalletResponse, error) {
	defer clear(in.WalletPassword)
	switch {
	case in.ExtendedMasterKey != "":
		return nil, unimplemented("extended_master_key")
	case in.WatchOnly != nil:
		return nil, unimplemented("watch_only")
	case in.StatelessInit:
		return nil, unimplemented("stateless_init")
	case len(in.MacaroonRootKey) > 0:
		return nil, unimplemented("macaroon_root_key")
	case len(in.WalletPassword) < minPassword:
		return nil, invalid("password must have at least %d characters", minPassword)
	case len(in.CipherSeedMnemonic) != 24:
		return nil, invalid("wrong number of words in seed: expected 24, got %d", len(in.CipherSeedMnemonic))
	case in.RecoveryWindow < 0 || in.RecoveryWindow > maxRecoveryWindow:
		return nil, invalid("recovery_window is %d, it may be 0 to %d", in.RecoveryWindow, maxRecoveryWindow)
	}
	backups, err := given(in.ChannelBackups)
	if err != nil {
		return nil, err
	}
	if !u.s.open.mu.TryLock() {
		return nil, errUnlocking
	}
	defer u.s.open.mu.Unlock()
	if now, _, _ := u.s.state.get(); now != lnrpc.WalletState_NON_EXISTING {
		return nil, status.Error(codes.Unknown, "wallet already exists")
	}
	err = u.s.cfg.Wallet.Create(ctx, NewWallet{
		Password: in.WalletPassword, Words: in.CipherSeedMnemonic,
		SeedPassphrase: in.AezeedPassphrase, RecoveryWindow: uint32(in.RecoveryWindow),
	})
	if err != nil {
		return nil, err
	}
	u.s.backups.Store(backups)
	out := &lnrpc.InitWalletResponse{}
	if k := u.s.cfg.Macaroons; k != nil {
		if out.AdminMacaroon, err = k.Bake(ctx, AdminOps()); err != nil {
			return nil, err
		}
	}
	u.s.unlocked()
	return out, nil
}

func (u *unlockerService) UnlockWallet(ctx context.Context, in *lnrpc.UnlockWalletRequest) (*lnrpc.UnlockWalletResponse, error) {
	defer clear(in.WalletPassword)
	switch {
	case in.StatelessInit:
		return nil, unimplemented("stateless_init")
	case in.RecoveryWindow < 0 || in.RecoveryWindow > maxRecoveryWindow:
		return nil, invalid("recovery_window is %d, it may be 0 to %d", in.RecoveryWindow, maxRecoveryWindow)
	}
	backups, err := given(in.ChannelBackups)
	if err != nil {
		return nil, err
	}
	if !u.s.open.mu.TryLock() {
		return nil, errUnlocking
	}
	defer u.s.open.mu.Unlock()
	switch now, _, _ := u.s.state.get(); now {
	case lnrpc.WalletState_LOCKED:
	case lnrpc.WalletState_NON_EXISTING:
		return nil, status.Error(codes.Unknown, "wallet not found")
	default:
		return nil, errUnlocked
	}
	if err := u.s.cfg.Wallet.Unlock(ctx, in.WalletPassword, uint32(in.RecoveryWindow)); err != nil {
		return nil, err
	}
	u.s.backups.Store(backups)
	u.s.unlocked()
	return &lnrpc.UnlockWalletResponse{}, nil
}

// ChangePassword is of lnrpc.WalletUnlockerServer.
func (u *unlockerService) ChangePassword(ctx context.Context, in *lnrpc.ChangePasswordRequest) (*lnrpc.ChangePasswordResponse, error) {
	defer clear(in.CurrentPassword)
	defer clear(in.NewPassword)
	switch {
	case in.StatelessInit:
		return nil, unimplemented("stateless_init")
	case in.NewMacaroonRootKey:
		return nil, unimplemented("new_macaroon_root_key (remove macaroons.key and the macaroons while the daemon is stopped)")
	case len(in.NewPassword) < minPassword:
		return nil, invalid("password must have at least %d characters", minPassword)
	}
	if !u.s.open.mu.TryLock() {
		return nil, errUnlocking
	}
	defer u.s.open.mu.Unlock()
	switch now, _, _ := u.s.state.get(); now {
	case lnrpc.WalletState_LOCKED:
	case lnrpc.WalletState_NON_EXISTING:
		return nil, status.Error(codes.Unknown, "wallet not found")
	default:
		return nil, errUnlocked
	}
	if err := u.s.cfg.Wallet.ChangePassword(ctx, in.CurrentPassword, in.NewPassword); err != nil {
		return nil, err
	}
	out := &lnrpc.ChangePasswordResponse{}
	if k := u.s.cfg.Macaroons; k != nil {
		var err error
		if out.AdminMacaroon, err = k.Bake(ctx, AdminOps()); err != nil {
			return nil, err
		}
	}
	u.s.unlocked()
	return out, nil
}

func (s *Server) unlocked() {
	s.open.once.Do(func() {
		s.state.set(lnrpc.WalletState_UNLOCKED)
		close(s.open.done)
	})
}
