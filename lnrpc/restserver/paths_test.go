package restserver

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

func paths(t *testing.T) []path {
	t.Helper()
	all, err := readPaths()
	require.NoError(t, err)
	require.Greater(t, len(all), 170)
	return all
}

// Every path of lnd's whose method we have calls that method, and every field of its
// message arrives, be it in the path, the query or the body. The answer is what the
// method said, in lnd's JSON.
func TestEveryPathReachesItsMethod(t *testing.T) {
	var got call
	r := plain(t, func(c call, send func(proto.Message) error) error {
		got = c
		return send(filled(c.method.Output(), false))
	}, nil)
	served := 0
	for _, p := range paths(t) {
		if p.rpc == nil {
			continue
		}
		served++
		t.Run(fmt.Sprintf("%s %s", p.verb, p.pattern), func(t *testing.T) {
			got = call{}
			want := filled(p.rpc.Input(), !p.body)
			url, body := request(t, &p, want)
			status, answer, header := r.do(t, p.verb, url, body)
			require.Equal(t, http.StatusOK, status, answer)
			require.Equal(t, "application/json", header.Get("Content-Type"))
			require.NotNil(t, got.method, "no call came")
			require.Equal(t, p.method, got.method.FullName())
			require.True(t, proto.Equal(want, got.in), "sent %v\n got %v", want, got.in)

			out, err := protojson.MarshalOptions{UseProtoNames: true, EmitUnpopulated: true}.Marshal(filled(p.rpc.Output(), false))
			require.NoError(t, err)
			if p.rpc.IsStreamingServer() {
				out = fmt.Appendf(nil, `{"result":%s}`, out)
			}
			require.JSONEq(t, string(out), answer)
		})
	}
	require.Greater(t, served, 50)
}

// A method that the .proto files have gained is served: make proto maps it, if lnd does.
func TestEveryMethodHasAPath(t *testing.T) {
	mapped := map[protoreflect.FullName]bool{}
	for _, p := range paths(t) {
		mapped[p.method] = true
	}
	n := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if pkg := string(f.Package()); !strings.HasSuffix(pkg, "rpc") || strings.HasPrefix(pkg, "google.") {
			return true
		}
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				n++
				require.True(t, mapped[methods.Get(j).FullName()], "%s has no line in paths.txt", methods.Get(j).FullName())
			}
		}
		return true
	})
	require.Greater(t, n, 50)
}

// A service whose package nobody imports here would look like one that we lack.
func TestEveryServiceIsKnownHere(t *testing.T) {
	files, err := filepath.Glob("../*.proto")
	require.NoError(t, err)
	more, err := filepath.Glob("../*/*.proto")
	require.NoError(t, err)
	found := 0
	for _, f := range append(files, more...) {
		raw, err := os.ReadFile(f)
		require.NoError(t, err)
		pkg := regexp.MustCompile(`(?m)^package (\w+);`).FindSubmatch(raw)
		require.NotNil(t, pkg, f)
		for _, s := range regexp.MustCompile(`(?m)^service (\w+)`).FindAllSubmatch(raw, -1) {
			found++
			_, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(string(pkg[1]) + "." + string(s[1])))
			require.NoError(t, err, "%s: add it to services in gateway.go", f)
		}
	}
	require.Greater(t, found, 7)
}

func TestWhatWeLackIsNotImplemented(t *testing.T) {
	r := plain(t, func(call, func(proto.Message) error) error { return fmt.Errorf("nobody should call") }, nil)
	lacking := 0
	for _, p := range paths(t) {
		if p.rpc != nil {
			continue
		}
		lacking++
		status, body, _ := r.do(t, p.verb, variable.ReplaceAllString(p.pattern, "1"), "")
		require.Equal(t, http.StatusNotImplemented, status, p.pattern)
		require.JSONEq(t, fmt.Sprintf(`{"code":12,"message":"%s is not implemented by nwnd","details":[]}`, p.method), body)
	}
	require.Positive(t, lacking)
}

func TestAPathIsFoundByItsWords(t *testing.T) {
	all := paths(t)
	for _, c := range []struct{ verb, url, method string }{
		{"GET", "/v1/invoices/subscribe", "lnrpc.Lightning.SubscribeInvoices"},
		{"GET", "/v1/invoice/ff", "lnrpc.Lightning.LookupInvoice"},
		{"DELETE", "/v1/channels/aa/0", "lnrpc.Lightning.CloseChannel"},
		{"GET", "/v1/channels/backup/subscribe", "lnrpc.Lightning.SubscribeChannelBackups"},
		{"POST", "/v1/graph/routes/aa/5", "lnrpc.Lightning.QueryRoutes"},
	} {
		p := find(all, c.verb, c.url)
		require.NotNil(t, p, c.url)
		require.EqualValues(t, c.method, p.method)
	}
	require.Nil(t, find(all, "GET", "/v1/nothing"))
	require.Nil(t, find(all, "PUT", "/v1/getinfo"))
}

var variable = regexp.MustCompile(`\{[^}]*\}`)

// filled is a message with something in every field. In a query there is no room for lists of
// messages and for maps.
func filled(d protoreflect.MessageDescriptor, query bool) *dynamicpb.Message {
	m := dynamicpb.NewMessage(d)
	n := 0
	fill(m, &n, 3, query)
	return m
}

func fill(m protoreflect.Message, n *int, depth int, query bool) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if o := f.ContainingOneof(); o != nil && f != o.Fields().Get(o.Fields().Len()-1) {
			continue // they exclude each other; paths use the last
		}
		*n++
		message := f.Message() != nil
		switch {
		case f.IsMap() && query, f.IsList() && message && query, message && depth == 0:
		case f.IsMap():
			if f.MapValue().Message() == nil {
				m.Mutable(f).Map().Set(value(f.MapKey(), *n).MapKey(), value(f.MapValue(), *n))
			}
		case f.IsList() && message:
			l := m.Mutable(f).List()
			e := l.NewElement()
			fill(e.Message(), n, depth-1, query)
			l.Append(e)
		case f.IsList():
			m.Mutable(f).List().Append(value(f, *n))
			m.Mutable(f).List().Append(value(f, *n+1))
		case message:
			fill(m.Mutable(f).Message(), n, depth-1, query)
		default:
			m.Set(f, value(f, *n))
		}
	}
}

func value(f protoreflect.FieldDescriptor, n int) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(f.Enum().Values().Get(f.Enum().Values().Len() - 1).Number())
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(-int32(n))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(1<<31 + uint32(n))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(-1<<60 - int64(n))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1<<63 + uint64(n)) // no float has room for it
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(n) / 2)
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(n) / 4)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(fmt.Sprintf("s&=ä %d", n))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte{0xfb, 0xff, 0xfe, byte(n)}) // "-__" in base64
	}
	panic(fmt.Sprintf("the API has gained a field of kind %v", f.Kind()))
}

// request writes a message as a client of lnd's REST API does.
func request(t *testing.T, p *path, m *dynamicpb.Message) (target, body string) {
	t.Helper()
	query := url.Values{}
	flatten("", m, query)
	target = variable.ReplaceAllStringFunc(p.pattern, func(v string) string {
		name := strings.Trim(v, "{}")
		require.Len(t, query[name], 1, name)
		defer query.Del(name)
		return url.PathEscape(query.Get(name))
	})
	if p.body {
		b, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
		require.NoError(t, err)
		require.True(t, json.Valid(b))
		return target, string(b)
	}
	return target + "?" + query.Encode(), ""
}

func flatten(prefix string, m protoreflect.Message, to url.Values) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := prefix + string(f.Name())
		switch {
		case f.IsMap(), f.IsList() && f.Message() != nil:
		case f.IsList():
			for i := range v.List().Len() {
				to.Add(name, word(f, v.List().Get(i)))
			}
		case f.Message() != nil:
			flatten(name+".", v.Message(), to)
		default:
			to.Add(name, word(f, v))
		}
		return true
	})
}

func word(f protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch f.Kind() {
	case protoreflect.BytesKind:
		return base64.URLEncoding.EncodeToString(v.Bytes())
	case protoreflect.EnumKind:
		return string(f.Enum().Values().ByNumber(v.Enum()).Name())
	}
	return v.String()
}
