package restserver

import (
	_ "embed" // the table
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// table is every path of lnd's REST API.
//
//go:embed paths.txt
var table string

// path is a line of the table.
type path struct {
	method  protoreflect.FullName
	verb    string // GET, POST, DELETE
	pattern string // "/v1/graph/edge/{chan_id}"
	body    bool   // the message is the body, not the query
	// rpc is what we have of it; nil if we lack it.
	rpc protoreflect.MethodDescriptor
}

func readPaths() (out []path, err error) {
	for l := range strings.Lines(table) {
		f := strings.Fields(l)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if len(f) < 3 || len(f) > 4 || len(f) == 4 && f[3] != "body" {
			return nil, fmt.Errorf("restserver: path %q is not of the form: method GET /path [body]", l)
		}
		p := path{method: protoreflect.FullName(f[0]), verb: f[1], pattern: f[2], body: len(f) == 4}
		if d, err := protoregistry.GlobalFiles.FindDescriptorByName(p.method); err == nil {
			p.rpc, _ = d.(protoreflect.MethodDescriptor)
		}
		out = append(out, p)
	}
	return out, nil
}

// matches tells whether a request is for the path.
func (p *path) matches(verb, url string) bool {
	if p.verb != verb {
		return false
	}
	want, got := strings.Split(p.pattern, "/"), strings.Split(url, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// streams tells whether the client may send any number of messages.
func (p *path) streams() bool { return p.rpc != nil && p.rpc.IsStreamingClient() }

// find returns the path that a request is for, nil if there is none.
func find(paths []path, verb, url string) (best *path) {
	for i := range paths {
		p := &paths[i]
		if p.matches(verb, url) && (best == nil || strings.Count(p.pattern, "{") < strings.Count(best.pattern, "{")) {
			best = p
		}
	}
	return best
}
