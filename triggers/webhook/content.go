package webhook

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"gantry/schema"
)

// content is what a request says of its body.
type content struct {
	media  string // lower-case, without parameters; "" where nothing is said
	params map[string]string
}

func unsupported(format string, args ...any) *problem {
	return &problem{status: http.StatusUnsupportedMediaType, message: fmt.Sprintf(format, args...), kind: kindUnsupported}
}

func unreadable(format string, args ...any) *problem {
	return &problem{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...), kind: kindUnreadable}
}

// contentOf reads what a request says of its body, and refuses what no parser is for.
func contentOf(h http.Header) (content, *problem) {
	for _, encoding := range h.Values("Content-Encoding") {
		if encoding != "" && !strings.EqualFold(encoding, "identity") {
			return content{}, unsupported("Compressed bodies are not taken.")
		}
	}
	values := h.Values("Content-Type")
	if len(values) > 1 {
		return content{}, unsupported("The content type came more than once.")
	}
	if len(values) == 0 || values[0] == "" {
		return content{}, nil
	}
	media, params, err := mime.ParseMediaType(values[0])
	if err != nil {
		return content{}, unsupported("The content type cannot be read.")
	}
	switch charset := strings.ToLower(params["charset"]); charset {
	case "", "utf-8", "utf8", "us-ascii":
	default:
		return content{}, unsupported("The charset must be UTF-8.")
	}
	return content{media, params}, nil
}

// parse makes data of a body by the one parser of its declared type: nothing is ever guessed. No body is null.
func (c content) parse(body []byte) (any, *problem) {
	if c.media == "multipart/form-data" {
		return parseMultipart(body, c.params["boundary"])
	}
	if at := invalidUTF8(body); at >= 0 {
		return nil, unreadable("The body is not UTF-8 (byte %d).", at+1)
	}
	plain := bytes.TrimPrefix(body, []byte("\ufeff"))
	if len(plain) == 0 {
		return nil, nil
	}
	switch {
	case c.media == "application/json" || c.media == "text/json" || strings.HasSuffix(c.media, "+json"):
		v, err := schema.DecodeBytes(plain)
		if err != nil {
			return nil, unreadable("The body is %s.", err)
		}
		return v, nil
	case c.media == "application/x-www-form-urlencoded":
		return parseForm(string(plain))
	case c.media == "application/xml" || c.media == "text/xml" || strings.HasSuffix(c.media, "+xml"):
		return parseXML(plain)
	}
	return string(body), nil
}

// invalidUTF8 gives where a text is no UTF-8, -1 where it is.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}
