package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode/utf16"
)

// formsOf gives a value as it may come back from a server that was sent it: as it is, in an address, in
// JSON (also in JSON that is itself text in JSON), in an HTML page, and in base64.
func formsOf(v string) []string {
	forms := []string{v, html.EscapeString(v), strings.ReplaceAll(html.EscapeString(v), "&#34;", "&quot;")}
	for _, escaped := range []string{url.QueryEscape(v), url.PathEscape(v)} {
		forms = append(forms, escaped, lowerHex(escaped))
	}
	for _, quoted := range quotedForms(v) {
		forms = append(forms, quoted)
		forms = append(forms, quotedForms(quoted)...)
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, encoding.EncodeToString([]byte(v)))
	}
	return forms
}

// quotedForms gives the ways in which JSON writers put text between quotes: with and without escapes for
// HTML, with escaped slashes, and in ASCII alone.
func quotedForms(v string) []string {
	var plain bytes.Buffer
	writer := json.NewEncoder(&plain)
	writer.SetEscapeHTML(false)
	_ = writer.Encode(v) // text always encodes
	unescaped := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(plain.String(), "\n"), `"`), `"`)
	safe, _ := json.Marshal(v)
	ascii := asciiOnly(unescaped)
	return []string{unescaped, string(safe[1 : len(safe)-1]), strings.ReplaceAll(unescaped, "/", `\/`), ascii, strings.ReplaceAll(ascii, "/", `\/`), asciiOnly(string(safe[1 : len(safe)-1]))}
}

func asciiOnly(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// lowerHex writes %2F as %2f.
func lowerHex(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], bytes.ToLower(b[i+1:i+3]))
		}
	}
	return string(b)
}
