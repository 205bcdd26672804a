package expr

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// htmlToText reads HTML as a browser's parser does and writes what a person would see.
func htmlToText(text string) string {
	w := &htmlWriter{}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			w.open(t)
		case html.EndTagToken:
			t := z.Token()
			w.close(t.Data)
		}
	}
}

type htmlWriter struct {
	b      strings.Builder
	hidden int
	links  []string
}

func (w *htmlWriter) text(s string) {
	if w.hidden > 0 {
		return
	}
	w.b.WriteString(whiteSpace.ReplaceAllString(html.UnescapeString(s), " "))
}

var hiddenTags = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true}

var blockTags = map[string]string{
	"p": "\n\n", "div": "\n", "br": "\n", "tr": "\n", "ul": "\n\n", "ol": "\n\n", "table": "\n\n", "blockquote": "\n\n",
	"h1": "\n\n", "h2": "\n\n", "h3": "\n\n", "h4": "\n\n", "h5": "\n\n", "h6": "\n\n", "hr": "\n", "pre": "\n\n", "section": "\n", "article": "\n",
}

func (w *htmlWriter) open(t html.Token) {
	switch name := t.Data; {
	case hiddenTags[name]:
		if t.Type == html.StartTagToken {
			w.hidden++
		}
	case w.hidden > 0:
	case name == "li":
		w.b.WriteString("\n- ")
	case name == "td" || name == "th":
		w.b.WriteString(" ")
	case name == "a":
		address := ""
		for _, a := range t.Attr {
			if a.Key == "href" && strings.Contains(a.Val, "://") {
				address = a.Val
			}
		}
		w.links = append(w.links, address)
	default:
		w.b.WriteString(blockTags[name])
	}
}

func (w *htmlWriter) close(name string) {
	switch {
	case hiddenTags[name]:
		w.hidden = max(w.hidden-1, 0)
	case w.hidden > 0:
	case name == "a" && len(w.links) > 0:
		address := w.links[len(w.links)-1]
		w.links = w.links[:len(w.links)-1]
		if address != "" && !strings.HasSuffix(w.b.String()[max(w.b.Len()-len(address), 0):], address) {
			w.b.WriteString(" (" + address + ")")
		}
	case name != "br":
		w.b.WriteString(blockTags[name])
	}
}

var (
	whiteSpace  = regexp.MustCompile(`[ \t\r\n\f\x{a0}]+`)
	spaceAtLine = regexp.MustCompile(` *\n *`)
	emptyLines  = regexp.MustCompile(`\n{3,}`)
	manySpaces  = regexp.MustCompile(` {2,}`)
)

func (w *htmlWriter) finish() string {
	s := manySpaces.ReplaceAllString(w.b.String(), " ")
	s = spaceAtLine.ReplaceAllString(s, "\n")
	s = emptyLines.ReplaceAllString(s, "\n\n")
	return strings.TrimSpace(s)
}
