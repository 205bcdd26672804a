package webhook

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/schema"
)

// parsed is what one parser makes of a body.
func parsed(kind, body string) (any, *problem) {
	h := http.Header{}
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	c, p := contentOf(h)
	if p != nil {
		return nil, p
	}
	return c.parse([]byte(body))
}

const boundary = "multipart/form-data; boundary=X"

func part(head, value string) string { return "--X\r\n" + head + "\r\n\r\n" + value + "\r\n" }

func TestContent(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		want             any
		status           int // of the refusal; 0: none
		says             string
	}{
		{"json", "application/json", `{"a": [1, 2.0, null, 9223372036854775807]}`, map[string]any{"a": []any{int64(1), 2.0, nil, int64(9223372036854775807)}}, 0, ""},
		{"json with charset", "application/json; charset=utf-8", "\ufeff{}", map[string]any{}, 0, ""},
		{"vendor json", "application/vnd.acme+json", `"x"`, "x", 0, ""},
		{"json badly", "application/json", "{\n  \"a\": }", nil, 400, "line 2, column 8"},
		{"json deep", "application/json", strings.Repeat("[", 300), nil, 400, "levels deep"},
		{"json not utf-8", "application/json", "{\"a\": \"\xff\"}", nil, 400, "byte 8"},
		{"json declared, xml sent", "application/json", "<a/>", nil, 400, "not valid JSON"},
		{"nothing", "application/json", "", nil, 0, ""},
		{"text", "text/plain", "{\"a\": 1}", `{"a": 1}`, 0, ""},
		{"nothing declared", "", "{\"a\": 1}", `{"a": 1}`, 0, ""},
		{"something else", "application/x-thing", "abc", "abc", 0, ""},
		{"form", "application/x-www-form-urlencoded", "a=1&b=x+y%20z&a=2&c&&a=3", map[string]any{"a": []any{"1", "2", "3"}, "b": "x y z", "c": ""}, 0, ""},
		{"form badly", "application/x-www-form-urlencoded", "a=1&b=%zz", nil, 400, "Field 2"},
		{"form not utf-8", "application/x-www-form-urlencoded", "a=%ff", nil, 400, "not UTF-8"},
		{"form of many", "application/x-www-form-urlencoded", strings.Repeat("a=1&", 1001), nil, 400, "more than 1000"},
		{"multipart", boundary, part(`Content-Disposition: form-data; name="a"`, "ä") + part(`Content-Disposition: form-data; name="a"`, "2") + "--X--\r\n", map[string]any{"a": []any{"ä", "2"}}, 0, ""},
		{"multipart file", boundary, part(`Content-Disposition: form-data; name="a"; filename="../../etc/passwd"`, "x") + "--X--\r\n", nil, 415, "file"},
		{"multipart file otherwise", boundary, part(`Content-Disposition: form-data; name="a"; filename*=UTF-8''x`, "x") + "--X--\r\n", nil, 415, "file"},
		{"multipart cut off", boundary, part(`Content-Disposition: form-data; name="a"`, "x"), nil, 400, "Part"},
		{"multipart without boundary", "multipart/form-data", "x", nil, 400, "boundary"},
		{"multipart without name", boundary, part("X: y", "x") + "--X--\r\n", nil, 400, "no name"},
		{"xml", "application/xml", `<?xml version="1.0" encoding="UTF-8"?><t:ticket xmlns:t="urn:x" id="5"><tag>a</tag><tag>b</tag><empty/><sub k="v">text &amp; more</sub></t:ticket>`,
			map[string]any{"ticket": map[string]any{"@id": "5", "tag": []any{"a", "b"}, "empty": "", "sub": map[string]any{"@k": "v", "#text": "text & more"}}}, 0, ""},
		{"xml soap", "application/soap+xml", "<a><b>1</b></a>", map[string]any{"a": map[string]any{"b": "1"}}, 0, ""},
		{"xml external entity", "text/xml", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, nil, 400, "document type"},
		{"xml laughs", "text/xml", `<a><!DOCTYPE x><b/></a>`, nil, 400, "document type"},
		{"xml unknown entity", "text/xml", "<a>&x;</a>", nil, 400, "line 1"},
		{"xml not closed", "text/xml", "<a>\n<b></a>", nil, 400, "line 2"},
		{"xml two roots", "text/xml", "<a/><b/>", nil, 400, "second root"},
		{"xml text only", "text/xml", "hello", nil, 400, "outside"},
		{"xml nothing", "text/xml", "<!-- x -->", nil, 400, "no element"},
		{"xml deep", "text/xml", strings.Repeat("<a>", 200), nil, 400, "levels deep"},
		{"xml many", "text/xml", "<a>" + strings.Repeat("<b/>", 100_001) + "</a>", nil, 400, "more than 100000"},
		{"xml latin", "text/xml", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, nil, 400, "UTF-8"},
		{"latin", "text/plain; charset=iso-8859-1", "x", nil, 415, "UTF-8"},
		{"no type", "a b c;", "x", nil, 415, "content type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, p := parsed(c.kind, c.body)
			if c.status != 0 {
				if p == nil || p.status != c.status || !strings.Contains(p.message, c.says) {
					t.Fatalf("%+v %v, want %d %s", p, got, c.status, c.says)
				}
				return
			}
			if p != nil {
				t.Fatal(p.message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEncodingsAndTwoTypes(t *testing.T) {
	for _, h := range []http.Header{{"Content-Encoding": {"gzip"}}, {"Content-Type": {"text/plain", "application/json"}}} {
		if _, p := contentOf(h); p == nil || p.status != 415 {
			t.Errorf("%v is taken", h)
		}
	}
}

// isData fails unless v is data that can be kept.
func isData(t *testing.T, v any) {
	t.Helper()
	text, err := schema.Encode(v)
	if err != nil {
		t.Fatalf("%v: %s", v, err)
	}
	again, err := schema.DecodeBytes(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, again); diff != "" {
		t.Fatal(diff)
	}
}

func FuzzXML(f *testing.F) {
	for _, text := range []string{`<a b="c">d<e/>f<e>g</e></a>`, `<?xml version="1.0"?><x:a xmlns:x="y"/>`, "<!DOCTYPE a><a/>", "<a>&lt;</a>", "<a><![CDATA[x]]></a>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, p := parsed("text/xml", text); p == nil && v != nil {
			isData(t, v)
		}
	})
}

func FuzzForm(f *testing.F) {
	for _, text := range []string{"a=1&a=2", "%zz", "=&=", "a%00=%ff", "&&&"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, p := parsed("application/x-www-form-urlencoded", text); p == nil && v != nil {
			isData(t, v)
		}
	})
}

func FuzzMultipart(f *testing.F) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.SetBoundary("X")
	_ = w.WriteField("a", "b")
	_ = w.Close()
	f.Add(body.String())
	f.Add(part(`Content-Disposition: form-data; name="a"; filename="b"`, "c"))
	f.Add(part(`Content-Disposition: form-data; name="a"; FileName=b`, "c"))
	f.Fuzz(func(t *testing.T, text string) {
		v, p := parsed(boundary, text)
		if p == nil && v != nil {
			isData(t, v)
		}
		if p == nil && strings.Contains(strings.ToLower(text), "filename=\"") && strings.HasPrefix(text, "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"") {
			t.Fatal("a file was taken")
		}
	})
}
