package restserver

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// refuse answers as the gateway answers errors: {"code":8,"message":"...","details":[]}.
func refuse(w http.ResponseWriter, httpStatus int, code codes.Code, format string, args ...any) {
	text := strings.ToValidUTF8(fmt.Sprintf(format, args...), "?") // JSON holds nothing else
	b, err := marshaler.Marshal(status.New(code, text).Proto())
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(b) // a client that went away is told nothing
}
