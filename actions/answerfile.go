package actions

import (
	"encoding/base64"
	"mime"
	"path"
	"strings"

	"gantry/actions/wire"
)

// fileOf is an answer that is a file, as expressions and results see it: {filename, content_type, size,
// data_base64}. The name is that of the Content-Disposition header without folders, null when there is none;
// size is in bytes.
func fileOf(answer *wire.Answer) map[string]any {
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		kind = "application/octet-stream"
	}
	file := map[string]any{"filename": nil, "content_type": kind, "size": int64(len(answer.Body)),
		"data_base64": base64.StdEncoding.EncodeToString(answer.Body)}
	if _, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition")); err == nil && parameters["filename"] != "" {
		if name := path.Base(strings.ReplaceAll(parameters["filename"], "\\", "/")); name != "." && name != ".." && name != "/" {
			file["filename"] = name
		}
	}
	return file
}
