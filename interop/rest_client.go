package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// restClient calls one node's REST API and keeps what it answers, by what was asked. A
// request that fails is noted, and the rest goes on.
type restClient struct {
	ctx     context.Context
	node    *daemon.Node
	mac     string
	tls     *tls.Config
	http    *http.Client
	answers map[string][]any
	failed  []error
}

func newRestClient(ctx context.Context, n *daemon.Node) (*restClient, error) {
	mac, err := os.ReadFile(n.MacaroonFile())
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(n.CertFile())
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", n.CertFile())
	}
	config := &tls.Config{RootCAs: roots}
	return &restClient{
		ctx: ctx, node: n, mac: hex.EncodeToString(mac), tls: config, answers: map[string][]any{},
		http: &http.Client{Transport: &http.Transport{TLSClientConfig: config}, Timeout: commandTimeout},
	}, nil
}

func (c *restClient) fail(format string, args ...any) {
	c.failed = append(c.failed, fmt.Errorf("%s: "+format, append([]any{c.node.Name}, args...)...))
}

func (c *restClient) get(name string, path string) any { return c.call(name, "GET", path, nil) }

// call makes a request and keeps the answer, or the messages of a stream, under name.
func (c *restClient) call(name, verb, path string, body any) (last any) {
	status, raw, err := c.raw(verb, path, body)
	if err != nil || status != http.StatusOK {
		c.fail("%s %s: %d %s: %w", verb, path, status, bytes.TrimSpace(raw), err)
		return nil
	}
	for docs := json.NewDecoder(bytes.NewReader(raw)); docs.More(); {
		if err := docs.Decode(&last); err != nil {
			c.fail("%s %s: it said %q: %w", verb, path, raw, err)
			return nil
		}
		c.answers[name] = append(c.answers[name], last)
	}
	return last
}

func (c *restClient) raw(verb, path string, body any) (status int, answer []byte, err error) {
	text, ok := body.(string)
	if !ok && body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		text = string(b)
	}
	req, err := http.NewRequestWithContext(c.ctx, verb, "https://"+c.node.RESTAddress()+path, strings.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Grpc-Metadata-macaroon", c.mac)
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, errors.Join(err, resp.Body.Close())
}

// refused keeps how a request is refused: the status, and the keys of the answer.
func (c *restClient) refused(name, verb, path, body string) {
	status, raw, err := c.raw(verb, path, body)
	var doc map[string]any
	if err == nil {
		err = json.Unmarshal(raw, &doc)
	}
	if err != nil {
		c.fail("%s %s: %d %s: %w", verb, path, status, raw, err)
		return
	}
	c.answers["refused: "+name] = append(c.answers["refused: "+name], map[string]any{fmt.Sprint(status): doc})
}

// listener reads a WebSocket.
type listener struct {
	c    *restClient
	name string
	conn *websocket.Conn
}

// listen opens a WebSocket and sends the first message.
func (c *restClient) listen(name, path string, first any) *listener {
	d := websocket.Dialer{TLSClientConfig: c.tls, HandshakeTimeout: commandTimeout}
	conn, resp, err := d.DialContext(c.ctx, "wss://"+c.node.RESTAddress()+path, http.Header{"Grpc-Metadata-Macaroon": {c.mac}})
	if err != nil {
		c.fail("WebSocket %s: %w", path, err)
		return nil
	}
	resp.Body.Close()
	if err := conn.WriteJSON(first); err != nil {
		c.fail("WebSocket %s: %w", path, err)
	}
	return &listener{c: c, name: name, conn: conn}
}

// next is a message, whose result is kept.
func (l *listener) next() any {
	if l == nil {
		return nil // which was noted
	}
	var doc any
	err := l.conn.SetReadDeadline(time.Now().Add(commandTimeout))
	if err == nil {
		err = l.conn.ReadJSON(&doc)
	}
	if err != nil {
		l.c.fail("WebSocket of %s: %w", l.name, err)
		return nil
	}
	l.c.answers[l.name] = append(l.c.answers[l.name], doc)
	return doc
}

func (l *listener) close() {
	if l != nil {
		l.conn.Close()
	}
}
