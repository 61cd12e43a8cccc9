package chain

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/btcsuite/btcd/btcjson"
)

const (
	rpcTimeout  = time.Minute
	rpcConns    = 8
	maxResponse = 20 << 20 // bytes; the largest block is 4 MB, in hex 8 MB
)

// RPC makes JSON-RPC calls over HTTP to a btcd or bitcoind, each of which ends with its context;
// rpcclient's can wait for minutes for a server that is away.
type RPC struct {
	url   string
	login func() (user, pass string, err error)
	http  *http.Client
}

// NewRPC makes a client of the server at a URL. It asks for user and password at every call; roots may
// be nil for http.
func NewRPC(url string, roots *tls.Config, login func() (user, pass string, err error)) *RPC {
	transport := &http.Transport{
		MaxConnsPerHost: rpcConns, MaxIdleConnsPerHost: rpcConns, TLSClientConfig: roots,
	}
	return &RPC{url: url, login: login, http: &http.Client{Transport: transport, Timeout: rpcTimeout}}
}

type rpcRequest struct {
	Version string `json:"jsonrpc"`
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Params  []any  `json:"params"`
}

type rpcResponse struct {
	Result json.RawMessage   `json:"result"`
	Error  *btcjson.RPCError `json:"error"`
}

// Call asks for method and decodes the answer into result; null is an answer only for a
// *json.RawMessage. An error is a *btcjson.RPCError, or wraps ErrUnavailable.
func (c *RPC) Call(ctx context.Context, result any, method string, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(rpcRequest{"1.0", 1, method, params})
	if err != nil {
		return fmt.Errorf("chain: %s: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("chain: %s: %w", method, err)
	}
	user, pass, err := c.login()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, method, err)
	}
	req.SetBasicAuth(user, pass)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, method, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusUnauthorized {
		return fmt.Errorf("%w: %s: it refuses user and password", ErrUnavailable, method)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, method, err)
	}
	if len(text) > maxResponse {
		return fmt.Errorf("%w: %s: more than %d bytes", ErrUnavailable, method, maxResponse)
	}
	var answer rpcResponse
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("%w: %s: status %s and no JSON", ErrUnavailable, method, resp.Status)
	}
	if answer.Error != nil {
		return answer.Error
	}
	if _, raw := result.(*json.RawMessage); !raw && string(answer.Result) == "null" {
		return fmt.Errorf("%w: %s: null", ErrUnavailable, method)
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnavailable, method, err)
	}
	return nil
}

// RPCCode gives the code of a server's error, 0 for others.
func RPCCode(err error) btcjson.RPCErrorCode {
	var e *btcjson.RPCError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
