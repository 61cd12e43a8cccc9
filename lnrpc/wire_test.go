package lnrpc_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/chainrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
	"github.com/nichework/nwnd/lnrpc/verrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// testdata/wire.txt lists what lnd's API (v0.21.1) looks like on the wire, one fact a
// line:
//
//	field message.name number type
//	value enum.NAME number
//	rpc service.name request response
//
// A client of lnd reads us right if, of every message, enum and service that we have, all
// of these and nothing else hold.
func TestWireIsThatOfLnd(t *testing.T) {
	raw, err := os.ReadFile("testdata/wire.txt")
	require.NoError(t, err)
	want := map[string]bool{}
	for _, l := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		want[l] = true
	}
	require.Greater(t, len(want), 600)

	got := map[string]bool{}
	files := []protoreflect.FileDescriptor{
		routerrpc.File_routerrpc_router_proto, verrpc.File_verrpc_verrpc_proto,
		chainrpc.File_chainrpc_chainnotifier_proto, walletrpc.File_walletrpc_walletkit_proto,
		invoicesrpc.File_invoicesrpc_invoices_proto,
	}
	protoregistry.GlobalFiles.RangeFilesByPackage("lnrpc", func(f protoreflect.FileDescriptor) bool {
		files = append(files, f)
		return true
	})
	require.Contains(t, files, lnrpc.File_lightning_proto)
	for _, f := range files {
		facts(f, func(kind, line string) {
			got[kind+" "+line] = true
			// lnd has services and messages that we don't, but what we have is whole:
			// an RPC may be missing, a field or value not.
			require.True(t, want[kind+" "+line], "lnd has no %s %s", kind, line)
		})
	}
	for l := range want {
		if !strings.HasPrefix(l, "rpc ") {
			require.True(t, got[l], "missing: %s", l)
		}
	}
}

func facts(f protoreflect.FileDescriptor, say func(kind, line string)) {
	for i := range f.Services().Len() {
		s := f.Services().Get(i)
		for j := range s.Methods().Len() {
			m := s.Methods().Get(j)
			out := string(m.Output().FullName())
			if m.IsStreamingServer() {
				out = "stream " + out
			}
			say("rpc", fmt.Sprintf("%s %s %s", m.FullName(), m.Input().FullName(), out))
		}
	}
	enums(f.Enums(), say)
	messages(f.Messages(), say)
}

func messages(all protoreflect.MessageDescriptors, say func(kind, line string)) {
	for i := range all.Len() {
		m := all.Get(i)
		for j := range m.Fields().Len() {
			f := m.Fields().Get(j)
			say("field", fmt.Sprintf("%s %d %s", f.FullName(), f.Number(), typeOf(f)))
		}
		enums(m.Enums(), say)
		messages(m.Messages(), say)
	}
}

func enums(all protoreflect.EnumDescriptors, say func(kind, line string)) {
	for i := range all.Len() {
		e := all.Get(i)
		for j := range e.Values().Len() {
			v := e.Values().Get(j)
			say("value", fmt.Sprintf("%s.%s %d", e.FullName(), v.Name(), v.Number()))
		}
	}
}

func typeOf(f protoreflect.FieldDescriptor) string {
	t := f.Kind().String()
	switch {
	case f.IsMap():
		return "map " + typeOf(f.MapKey()) + " " + typeOf(f.MapValue())
	case f.Message() != nil:
		t = string(f.Message().FullName())
	case f.Enum() != nil:
		t = string(f.Enum().FullName())
	}
	switch {
	case f.IsList():
		return "repeated " + t
	case f.ContainingOneof() != nil && !f.ContainingOneof().IsSynthetic():
		return t + " of " + string(f.ContainingOneof().Name())
	}
	return t
}
