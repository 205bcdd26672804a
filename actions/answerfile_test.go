package actions

import (
	"net/http"
	"testing"

	"gantry/actions/wire"

	"github.com/google/go-cmp/cmp"
)

func TestFileOf(t *testing.T) {
	for name, c := range map[string]struct {
		disposition, kind, body string
		want                    map[string]any
	}{
		"as a server says it": {`attachment; filename=router.log`, "text/plain; charset=utf-8", "up",
			map[string]any{"filename": "router.log", "content_type": "text/plain", "size": int64(2), "data_base64": "dXA="}},
		"letters beyond ASCII": {`attachment; filename*=UTF-8''Pr%C3%BCfung.pdf`, "application/pdf", "%PDF",
			map[string]any{"filename": "Prüfung.pdf", "content_type": "application/pdf", "size": int64(4), "data_base64": "JVBERg=="}},
		"folders are left out": {`attachment; filename="..\\..\\etc/passwd"`, "text/plain", "x",
			map[string]any{"filename": "passwd", "content_type": "text/plain", "size": int64(1), "data_base64": "eA=="}},
		"a folder is no name": {`attachment; filename="../.."`, "text/plain", "x",
			map[string]any{"filename": nil, "content_type": "text/plain", "size": int64(1), "data_base64": "eA=="}},
		"nothing is said": {"", "", "",
			map[string]any{"filename": nil, "content_type": "application/octet-stream", "size": int64(0), "data_base64": ""}},
		"a broken header": {"attachment; filename=\"", "text/html", "<p>",
			map[string]any{"filename": nil, "content_type": "text/html", "size": int64(3), "data_base64": "PHA+"}},
	} {
		answer := &wire.Answer{Status: 200, Body: []byte(c.body), Header: http.Header{}}
		answer.Header.Set("Content-Disposition", c.disposition)
		answer.Header.Set("Content-Type", c.kind)
		if diff := cmp.Diff(c.want, fileOf(answer)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
