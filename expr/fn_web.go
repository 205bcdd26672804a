package expr

import (
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var webFunctions = []function{
	{signs: []string{"text.html_escape() -> text"}, doc: "Writes <, >, & and quotes so that they stand as text in HTML.",
		examples: []string{`'<b>A & B</b>'.html_escape() => "&lt;b&gt;A &amp; B&lt;/b&gt;"`},
		run:      func(a args) (any, error) { return html.EscapeString(a.text(0)), nil }},
	{signs: []string{"text.html_unescape() -> text"}, doc: "Reads entities such as &amp;.",
		examples: []string{`'A &amp; B &euro;5'.html_unescape() => "A & B €5"`},
		run:      func(a args) (any, error) { return html.UnescapeString(a.text(0)), nil }},
	{signs: []string{"text.html_to_text() -> text"}, doc: "Takes the text out of HTML: paragraphs and breaks become lines, list items get a hyphen, links keep their address, scripts and styles are left out.",
		examples: []string{`'<p>Hello<br>World</p><ul><li>One</li><li>Two</li></ul>'.html_to_text() => "Hello\nWorld\n\n- One\n- Two"`,
			`'See <a href="https://x.example">here</a>'.html_to_text() => "See here (https://x.example)"`},
		run: func(a args) (any, error) { return htmlToText(a.text(0)), nil }},
	{signs: []string{"text.text_to_html() -> text"}, doc: "Makes HTML of plain text: paragraphs, line breaks, addresses as links, everything else escaped.",
		examples: []string{`'Hi <you>\nsee https://x.example\n\nBye'.text_to_html() => "<p>Hi &lt;you&gt;<br>see <a href=\"https://x.example\">https://x.example</a></p><p>Bye</p>"`},
		run:      func(a args) (any, error) { return textToHTML(a.text(0)), nil }},
	{signs: []string{"text.url_encode() -> text"}, doc: "Writes the text so that it can stand in a URL, in a path or in a query.",
		examples: []string{`'a b/c?d=ä'.url_encode() => "a%20b%2Fc%3Fd%3D%C3%A4"`},
		run:      func(a args) (any, error) { return strings.ReplaceAll(url.QueryEscape(a.text(0)), "+", "%20"), nil }},
	{signs: []string{"text.url_decode() -> text"}, doc: "Reads text from a URL.",
		examples: []string{`'a%20b+c'.url_decode() => "a b c"`},
		run: func(a args) (any, error) {
			s, err := url.QueryUnescape(a.text(0))
			if err != nil {
				return nil, dataErrorf("", "the text is not encoded for URLs")
			}
			return s, nil
		}},
	{signs: []string{"text.parse_url() -> any"}, doc: "Takes a URL apart: scheme, host, port (a number or null), path, query (a map of lists), fragment. A user name and password are left out.",
		examples: []string{`'https://x.example:8443/a/b?q=1&q=2#top'.parse_url() => {"fragment":"top","host":"x.example","path":"/a/b","port":8443,"query":{"q":["1","2"]},"scheme":"https"}`,
			`'https://x.example/'.parse_url().host => "x.example"`},
		run: func(a args) (any, error) { return parseURL(a.text(0)) }},
	{signs: []string{"object.to_query() -> text"}, doc: "Writes an object as the query of a URL, by name; lists repeat the name, nulls are left out.",
		examples: []string{`{'page': 2, 'tag': ['a', 'b c'], 'x': null}.to_query() => "page=2&tag=a&tag=b%20c"`},
		run:      func(a args) (any, error) { return toQuery(a.object(0)) }},
	{signs: []string{"text.parse_email() -> map of text"}, doc: "Reads one e-mail address, with or without a name: name, address (small letters), local, domain.",
		examples: []string{`'Jane Doe <Jane@Acme.example>'.parse_email() => {"address":"jane@acme.example","domain":"acme.example","local":"jane","name":"Jane Doe"}`},
		run: func(a args) (any, error) {
			address, err := mail.ParseAddress(a.text(0))
			if err != nil {
				return nil, dataErrorf("use .parse_emails() where there may be none", "%q is not an e-mail address", a.text(0))
			}
			return emailParts(address), nil
		}},
	{signs: []string{"text.parse_emails() -> list of map of text"}, doc: "Reads a list of e-mail addresses with commas or semicolons between them; what is none is left out.",
		examples: []string{`'Jane <j@a.example>; bob@b.example, nonsense'.parse_emails().map(e, e.address) => ["j@a.example","bob@b.example"]`, `''.parse_emails() => []`},
		run:      func(a args) (any, error) { return parseEmails(a.text(0)), nil }},
	{signs: []string{"text.is_email() -> boolean"}, doc: "Tells whether the text is one e-mail address.",
		examples: []string{`'jane@acme.example'.is_email() => true`, `'jane'.is_email() => false`},
		run: func(a args) (any, error) {
			address, err := mail.ParseAddress(a.text(0))
			return err == nil && address.Address == a.text(0), nil
		}},
	{signs: []string{"text.defang() -> text"}, doc: "Makes addresses harmless, so that nobody clicks them: hxxps://bad[.]example.",
		examples: []string{`'https://bad.example/a and 10.0.0.1'.defang() => "hxxps://bad[.]example/a and 10[.]0[.]0[.]1"`, `'End. New'.defang() => "End. New"`},
		run: func(a args) (any, error) {
			s := schemeToDefang.ReplaceAllString(a.text(0), "${1}xx${2}://")
			s = dotToDefang.ReplaceAllString(s, "$1[.]$2")
			return dotToDefang.ReplaceAllString(s, "$1[.]$2"), nil // again for 1.2.3, whose matches overlap
		}},
	{signs: []string{"text.refang() -> text"}, doc: "Undoes defang.",
		examples: []string{`'hxxps://bad[.]example/a'.refang() => "https://bad.example/a"`},
		run: func(a args) (any, error) {
			s := schemeToRefang.ReplaceAllString(a.text(0), "${1}tt${2}://")
			return strings.NewReplacer("[.]", ".", "(.)", ".", "[:]", ":", "[@]", "@").Replace(s), nil
		}},
}

var (
	schemeToDefang = regexp.MustCompile(`(?i)\b(h)tt(ps?)://`)
	schemeToRefang = regexp.MustCompile(`(?i)\b(h)xx(ps?)(?:://|\[://\]|\[:\]//)`)
	dotToDefang    = regexp.MustCompile(`(\w)\.(\w)`)
	webAddress     = regexp.MustCompile(`https?://[^\s<>"']+[^\s<>"'.,;:!?)]`)
)

func parseURL(text string) (any, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, dataErrorf("", "the text is not a URL")
	}
	var port any
	if u.Port() != "" {
		var n int64
		if _, err := fmt.Sscan(u.Port(), &n); err == nil {
			port = n
		}
	}
	query := map[string]any{}
	for name, values := range u.Query() {
		query[name] = anys(values)
	}
	return map[string]any{"scheme": u.Scheme, "host": u.Hostname(), "port": port, "path": u.Path, "query": query, "fragment": u.Fragment}, nil
}

func toQuery(m map[string]any) (any, error) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	var pairs []string
	for _, name := range names {
		values, isList := m[name].([]any)
		if !isList {
			values = []any{m[name]}
		}
		for _, v := range values {
			if v == nil {
				continue
			}
			var b strings.Builder
			if err := writeText(&b, v); err != nil {
				return nil, err
			}
			pairs = append(pairs, queryText(name)+"="+queryText(b.String()))
		}
	}
	return strings.Join(pairs, "&"), nil
}

func queryText(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func emailParts(a *mail.Address) map[string]any {
	address := strings.ToLower(a.Address)
	at := strings.LastIndexByte(address, '@')
	return map[string]any{"name": a.Name, "address": address, "local": address[:max(at, 0)], "domain": address[at+1:]}
}

func parseEmails(text string) []any {
	out := []any{}
	for _, entry := range splitOutsideQuotes(text) {
		if address, err := mail.ParseAddress(strings.TrimSpace(entry)); err == nil {
			out = append(out, emailParts(address))
		}
	}
	return out
}

// splitOutsideQuotes cuts at commas and semicolons that stand in no "Doe, Jane".
func splitOutsideQuotes(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ',' || r == ';' || r == '\n')
	})
}

func textToHTML(text string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n"), "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph == "" {
			continue
		}
		b.WriteString("<p>")
		last := 0
		for _, m := range webAddress.FindAllStringIndex(paragraph, -1) {
			address := html.EscapeString(paragraph[m[0]:m[1]])
			b.WriteString(escapeLines(paragraph[last:m[0]]) + `<a href="` + address + `">` + address + `</a>`)
			last = m[1]
		}
		b.WriteString(escapeLines(paragraph[last:]) + "</p>")
	}
	return b.String()
}

func escapeLines(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }
