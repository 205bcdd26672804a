package wire

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"
)

func TestAValueIsRemovedInEveryFormThatServersSendItBack(t *testing.T) {
	const secret = `S3cr3t-"quo\te& <ü>/+x`
	inJSON, _ := json.Marshal(map[string]string{"t": secret})
	twice, _ := json.Marshal(string(inJSON))
	texts := map[string]string{
		"as it is":           "key=" + secret + ";",
		"JSON":               string(inJSON),
		"JSON without HTML":  `{"t":"S3cr3t-\"quo\\te& <ü>/+x"}`,
		"JSON in JSON":       string(twice),
		"ours in JSON":       `"{\"t\":\"S3cr3t-\\\"quo\\\\te& <ü>/+x\"}"`,
		"ASCII JSON":         `{"t":"S3cr3t-\"quo\\te& <\u00fc>/+x"}`,
		"slashes escaped":    `{"t":"S3cr3t-\"quo\\te& <ü>\/+x"}`,
		"HTML":               "<p>" + html.EscapeString(secret) + "</p>",
		"HTML, named quotes": "<p>" + strings.ReplaceAll(html.EscapeString(secret), "&#34;", "&quot;") + "</p>",
		"query":              "https://x.example/?t=" + url.QueryEscape(secret),
		"path":               "https://x.example/" + url.PathEscape(secret),
		"query, lower":       "https://x.example/?t=" + lowerHex(url.QueryEscape(secret)),
		"base64":             base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs":    base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
	var r Redactor
	r.Add(secret)
	for name, text := range texts {
		if got := r.Text(text); strings.Contains(got, "S3cr3t") || strings.Contains(got, "quo") || !strings.Contains(got, Mask) {
			t.Errorf("%s: %s stays %s", name, text, got)
		}
	}
}
