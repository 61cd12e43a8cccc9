package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// wallet is the fake's WalletKit, which has calls of the same names as Lightning.
type wallet struct {
	walletrpc.UnimplementedWalletKitServer
	of *fake
}

func (w wallet) BumpFee(_ context.Context, in *walletrpc.BumpFeeRequest) (*walletrpc.BumpFeeResponse, error) {
	w.of.bumped = in
	return &walletrpc.BumpFeeResponse{Status: "done"}, nil
}

func (f *fake) FailedForwards(_ context.Context, in *nwnrpc.FailedForwardsRequest) (*nwnrpc.FailedForwardsResponse, error) {
	f.failures = append(f.failures, in)
	out := &nwnrpc.FailedForwardsResponse{}
	next := in.BeforeIndex
	if next == 0 {
		next = 601
	}
	for i := next - 1; i > 0 && len(out.Forwards) < int(in.Max); i-- {
		out.Forwards = append(out.Forwards, &nwnrpc.FailedForward{Index: i, ChanIdIn: 1 << 40, ChanIdOut: 2 << 40,
			AmtInMsat: 1000 * i, WireFailure: lnrpc.Failure_FEE_INSUFFICIENT, Reason: fmt.Sprintf("fee is %d\x1b[2J", i), FailedBehind: i == 1})
	}
	return out, nil
}

func (f *fake) ChangePassword(_ context.Context, in *lnrpc.ChangePasswordRequest) (*lnrpc.ChangePasswordResponse, error) {
	f.changed = in
	return &lnrpc.ChangePasswordResponse{}, nil
}

func TestBumpFee(t *testing.T) {
	b := start(t)
	txid := strings.Repeat("cc", 32)
	code, out, errs := b.run(t, "y\n", "bumpfee", txid, "--sat-per-vbyte=20", "--budget=1ksat")
	require.Zero(t, code, errs)
	require.Contains(t, out, "bumped")
	require.Contains(t, errs, "fee of both transactions 20 sat/vbyte?")
	require.EqualValues(t, 2, b.bumped.Outpoint.OutputIndex, "the largest coin of it")
	require.EqualValues(t, 20, b.bumped.SatPerVbyte)
	require.EqualValues(t, 1000, b.bumped.Budget)
	require.True(t, b.bumped.Immediate)
	code, _, errs = b.run(t, "", "bumpfee", "-y", strings.Repeat("ee", 32)+":7", "--conf-target=2")
	require.Zero(t, code, errs)
	require.EqualValues(t, 7, b.bumped.Outpoint.OutputIndex)
	require.EqualValues(t, 2, b.bumped.TargetConf)

	b.bumped = nil
	for want, args := range map[string][]string{
		"say how much":         {txid},
		"64 hex digits":        {"cc", "--sat-per-vbyte=2"},
		"no output":            {txid + ":x", "--sat-per-vbyte=2"},
		"no unit":              {txid, "--sat-per-vbyte=2", "--budget=much"},
		"nwcli unspent":        {strings.Repeat("ee", 32), "--sat-per-vbyte=2"},
		"confirm: give --yes":  {txid, "--sat-per-vbyte=2"},
		"if any flags in the ": {txid, "--sat-per-vbyte=2", "--conf-target=2"},
	} {
		code, _, errs := b.run(t, "", append([]string{"bumpfee"}, args...)...)
		require.NotZero(t, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, b.bumped)
}

func TestFailedForwardsSayWhy(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "forwards", "--failed", "--max=2", "--since=1h")
	require.Zero(t, code, errs)
	require.Equal(t, 3, strings.Count(out, "\n"))
	require.Contains(t, out, "fee is 600[2J (fee insufficient)")
	require.Contains(t, out, "unknown")
	require.NotZero(t, b.failures[0].StartTime)
	b.failures = nil
	_, out, _ = b.run(t, "", "forwards", "--failed", "--all")
	require.Equal(t, 601, strings.Count(out, "\n"))
	require.Len(t, b.failures, 2)
	require.EqualValues(t, 101, b.failures[1].BeforeIndex)
	require.NotContains(t, out, "fee is 1[2J (", "what failed behind us is the sender's to know")
	code, _, _ = b.run(t, "", "forwards", "--failed", "--offset=3")
	require.Equal(t, exitUsage, code)
}

func TestChangePassword(t *testing.T) {
	b := start(t)
	code, _, errs := b.run(t, "correct horse\nbattery staple\nbattery staple\n", "changepassword")
	require.Zero(t, code, errs)
	require.Equal(t, "correct horse", string(b.changed.CurrentPassword))
	require.Equal(t, "battery staple", string(b.changed.NewPassword))
	require.Contains(t, errs, "The node is up.")
	b.changed = nil
	code, _, errs = b.run(t, "correct horse\nbattery staple\nbattery stable\n", "changepassword")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "differ")
	code, _, _ = b.run(t, "", "changepassword")
	require.Equal(t, exitUsage, code)
	require.Nil(t, b.changed)
}

func (f *fake) EstimateFee(_ context.Context, in *lnrpc.EstimateFeeRequest) (*lnrpc.EstimateFeeResponse, error) {
	return &lnrpc.EstimateFeeResponse{FeeSat: in.AddrToAmount["bcrt1q"] / 10, SatPerVbyte: uint64(in.TargetConf)}, nil
}

func TestRecoveryIsFollowed(t *testing.T) {
	b := start(t)
	none := &lnrpc.GetRecoveryInfoResponse{}
	half := &lnrpc.GetRecoveryInfoResponse{RecoveryMode: true, Progress: 0.5}
	done := &lnrpc.GetRecoveryInfoResponse{RecoveryMode: true, RecoveryFinished: true, Progress: 1}
	for want, answers := range map[string][]*lnrpc.GetRecoveryInfoResponse{"nothing to search for": {none}, "50 %": {half}, "all blocks": {done}} {
		b.recovery = answers
		_, out, _ := b.run(t, "", "recovery")
		require.Contains(t, out, want)
	}
	b.recovery = []*lnrpc.GetRecoveryInfoResponse{half, done, done}
	code, out, errs := b.run(t, "", "recovery", "--wait")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "50 %")
	require.Equal(t, "all blocks were searched\n", out)
}

func TestSendTellsTheFeeBeforehand(t *testing.T) {
	b := start(t)
	_, _, errs := b.run(t, "no\n", "send", "bcrt1q", "5000")
	require.Contains(t, errs, "fee about 500 sat, 6 sat/vbyte?")
	_, _, errs = b.run(t, "no\n", "send", "bcrt1q", "5000", "--conf-target=2")
	require.Contains(t, errs, "fee about 500 sat, 2 sat/vbyte?")
	require.Nil(t, b.sent)
}

// Who stops waiting for a channel is told where it can be seen.
func TestWhatIsLeftAloneGoesOn(t *testing.T) {
	b := start(t)
	b.hangs = func() {}
	for text, args := range map[string][]string{
		"opening may go on: nwcli pendingchannels": {"open", key, "100000"},
		"closing may go on: nwcli pendingchannels": {"close", "105x1x1"},
	} {
		var out, errs bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		a := &app{out: &signalled{Writer: &out, on: "\n", do: cancel}, errOut: &errs}
		require.Equal(t, exitUnknown, a.run(ctx, append(args, "--nwnddir="+b.dir, "-y", "--wait")))
		require.Contains(t, errs.String(), text)
	}
}
