package restserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
)

// origins are the web pages, "https://host:port", that may call from a browser besides
// those that we would serve ourselves.
type origins []string

// listed tells whether a page was given leave.
func (o origins) listed(origin string) bool {
	return slices.Contains(o, "*") || slices.Contains(o, origin)
}

// trusts tells whether a request doesn't come from a page, or from one that may call.
func (o origins) trusts(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || o.listed(origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// guard tells browsers which pages may read our answers. A page that may not, and sends
// no macaroon, is refused: it must not be able to open a wallet, or to call a node
// without macaroons, in the name of whoever looks at it. No page can send a macaroon field
// without having been given leave.
func (o origins) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, trusted := r.Header.Get("Origin"), o.trusts(r)
		if len(o) > 0 {
			w.Header().Add("Vary", "Origin")
		}
		if origin != "" && o.listed(origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type, Accept, "+macaroonField)
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
			if r.Method == http.MethodOptions {
				return
			}
		}
		if !trusted && r.Header.Get(macaroonField) == "" {
			refuse(w, http.StatusForbidden, codes.PermissionDenied, "pages of %s may not call: see the option restcors", origin)
			return
		}
		next.ServeHTTP(w, r)
	})
}
