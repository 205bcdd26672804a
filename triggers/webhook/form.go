package webhook

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxFields is how many fields a form may have.
const maxFields = 1000

// fields gathers a form: a name that comes once is text, one that repeats a list of texts.
type fields struct {
	values map[string]any
	count  int
}

func (f *fields) add(name, value string) *problem {
	if f.count++; f.count > maxFields {
		return unreadable("The form has more than %d fields.", maxFields)
	}
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return unreadable("Field %d of the form is not UTF-8.", f.count)
	}
	switch before := f.values[name].(type) {
	case nil:
		f.values[name] = value
	case string:
		f.values[name] = []any{before, value}
	case []any:
		f.values[name] = append(before, value)
	}
	return nil
}

func parseForm(text string) (any, *problem) {
	f := fields{values: map[string]any{}}
	i := -1
	for pair := range strings.SplitSeq(text, "&") {
		if i++; pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, unreadable("Field %d of the form is badly escaped.", i+1)
		}
		if p := f.add(name, value); p != nil {
			return nil, p
		}
	}
	return f.values, nil
}

// parseMultipart takes fields and no files: nothing that a sender names ever becomes a path.
func parseMultipart(body []byte, boundary string) (any, *problem) {
	if boundary == "" {
		return nil, unreadable("The content type multipart/form-data has no boundary.")
	}
	f := fields{values: map[string]any{}}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 1; ; n++ {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return f.values, nil
		}
		if err != nil {
			return nil, unreadable("Part %d of the form cannot be read.", n)
		}
		if isFile(part) {
			return nil, unsupported("Part %d of the form is a file; files are not taken.", n)
		}
		if part.FormName() == "" {
			return nil, unreadable("Part %d of the form has no name.", n)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, unreadable("Part %d of the form is not complete.", n)
		}
		if p := f.add(part.FormName(), string(value)); p != nil {
			return nil, p
		}
	}
}

func isFile(part *multipart.Part) bool {
	disposition := strings.ToLower(part.Header.Get("Content-Disposition"))
	return strings.Contains(disposition, "filename") || strings.HasPrefix(strings.ToLower(part.Header.Get("Content-Type")), "application/octet-stream")
}
