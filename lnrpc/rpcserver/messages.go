package rpcserver

import (
	"context"

	"github.com/nichework/nwnd/lnrpc"
)

// SignMessage is of lnrpc.LightningServer.
func (l *lightning) SignMessage(ctx context.Context, in *lnrpc.SignMessageRequest) (*lnrpc.SignMessageResponse, error) {
	sig, err := l.s.node().SignMessage(ctx, in.Msg, in.SingleHash)
	if err != nil {
		return nil, err
	}
	return &lnrpc.SignMessageResponse{Signature: sig}, nil
}

// VerifyMessage is of lnrpc.LightningServer. As in lnd a signature is valid only if the
// key is a node's of the graph; whose it is, is told in any case.
func (l *lightning) VerifyMessage(ctx context.Context, in *lnrpc.VerifyMessageRequest) (*lnrpc.VerifyMessageResponse, error) {
	v, err := l.s.node().VerifyMessage(ctx, in.Msg, in.Signature)
	if err != nil {
		return nil, err
	}
	if !v.Found {
		return &lnrpc.VerifyMessageResponse{}, nil
	}
	return &lnrpc.VerifyMessageResponse{Valid: v.Known, Pubkey: hexKey(v.Key)}, nil
}
