package schema

import (
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// isFile tells whether text holds a file: base64, or a data: address with it, as browsers write it
// (data:image/png;base64,iVBORw0…). Lines may be broken.
func isFile(s string) bool {
	content, ok := fileContent(s)
	if !ok {
		return false
	}
	decoder := base64.NewDecoder(base64.StdEncoding, strings.NewReader(content)) // passes over line breaks
	var buffer [4096]byte
	for {
		if _, err := decoder.Read(buffer[:]); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// fileContent gives the base64 of a file without what stands before it in a data: address.
func fileContent(s string) (string, bool) {
	if len(s) < 5 || !strings.EqualFold(s[:5], "data:") {
		return s, true
	}
	head, content, found := strings.Cut(s, ",")
	return content, found && strings.HasSuffix(strings.ToLower(head), ";base64")
}

// fileSize checks the bound of a file that text holds.
func (w *walker) fileSize(t *Type, s string) {
	if t.MaxMiB == nil {
		return
	}
	content, _ := fileContent(s)
	if size := len(content) / 4 * 3; size > *t.MaxMiB<<20+2 {
		w.problem("must be a file of at most %d MiB, this one has %.1f MiB", *t.MaxMiB, float64(size)/(1<<20))
	}
}
