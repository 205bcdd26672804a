package halo

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// pdfLines is how many lines stand on the one page.
const pdfLines = 48

// pdfAnswer is a PDF of one page with the lines; enough to see that a document came.
func pdfAnswer(status int, lines []string) answer {
	return answer{status: status, body: pdf(lines), kind: "application/pdf"}
}

func pdf(lines []string) []byte {
	var page strings.Builder
	page.WriteString("BT /F1 10 Tf 14 TL 50 790 Td\n")
	for _, line := range lines[:min(len(lines), pdfLines)] {
		page.WriteString("(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(asciiOnly(line)) + ") Tj T*\n")
	}
	page.WriteString("ET")
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var places []int
	for i, body := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, start)
	return b.Bytes()
}

// asciiOnly keeps what the page's font surely has.
func asciiOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

// invoicePDF renders an invoice with its lines.
func invoicePDF(v *visit) answer {
	r, refusal := v.locate(v.who, v.res, v.id, v.q)
	if refusal != nil {
		return *refusal
	}
	lines := []string{"Invoice " + r.text("invoicenumber"), textOf(v.value(v.res, r, "client_name")), ""}
	for _, l := range r.list("lines") {
		m, _ := l.(map[string]any)
		line := record(m)
		lines = append(lines, fmt.Sprintf("%s  %g x %.2f", line.text("item_shortdescription"), line.num("qty_order"), line.num("unit_price")))
	}
	return pdfAnswer(http.StatusOK, append(lines, "", fmt.Sprintf("Total %.2f", r.num("total"))))
}

// reportPDF runs a report and renders its rows.
func (s *Server) reportPDF(v *visit) answer {
	v.one()
	elements, bad := parseBody(v.body, v.res.schema)
	if bad != nil {
		return bad.answer()
	}
	s.mu.RLock()
	changes, refusal := s.data.changes(v.res, v.who, elements, v.body)
	var q question
	lines := []string{}
	for _, c := range changes {
		report := c.posted
		if c.old != nil {
			report = c.old.clone()
		}
		lines = append(lines, report.text("name"), "")
		q = s.data.question(report, v.who)
	}
	s.mu.RUnlock()
	if refusal != nil {
		return *refusal
	}
	columns, rows, err := q.run(v.ctx)
	if err != nil {
		return broken(err.Error())
	}
	for _, row := range q.kept(columns, rows) {
		var cells []string
		for _, m := range row.(object) {
			cells = append(cells, textOf(m.value))
		}
		lines = append(lines, strings.Join(cells, "  "))
	}
	return pdfAnswer(http.StatusOK, lines)
}
