package graph

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes of text in pixels: fonts differ, so these are on the wide side.
const (
	lineHeight = 17.0
	wide       = 7.3 // a character of a node
	narrow     = 6.4 // a character of a label
	padding    = 14.0
	titleSpace = 34.0
)

// lines are a node's lines of text, each with its class.
func (n Node) lines() [][2]string {
	lines := [][2]string{{"name", n.Name}}
	if n.Title != "" {
		lines = append(lines, [2]string{"title", shorten(n.Title)})
	}
	if n.Call != "" {
		lines = append(lines, [2]string{"call", shorten(n.Call)})
	}
	for _, note := range n.Notes {
		lines = append(lines, [2]string{"note", shorten(note)})
	}
	return lines
}

func (n Node) size() (width, height float64) {
	if n.Shape != Task && n.Shape != Start {
		return float64(utf8.RuneCountInString(n.Name))*narrow + 18, 22
	}
	for _, line := range n.lines() {
		width = max(width, float64(utf8.RuneCountInString(line[1]))*wide)
	}
	return max(width+2*padding, 90), float64(len(n.lines()))*lineHeight + padding
}

func labelSize(lines []string) (width, height float64) {
	for _, line := range lines {
		width = max(width, float64(utf8.RuneCountInString(line))*narrow)
	}
	return width + 10, float64(len(lines))*14 + 6
}

const css = `
  svg { background: #fff; font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
  text { text-anchor: middle; fill: #1c2430; }
  .heading { font-size: 16px; font-weight: 600; }
  .box { fill: #f4f7fb; stroke: #7a8ba3; stroke-width: 1.2; }
  .start .box { fill: #e8f5ec; stroke: #4f9e6b; }
  .handled .box, .end .box { fill: #fff; stroke: #9aa7b8; }
  .fail .box { fill: #fdecec; stroke: #c94f4f; }
  .name { font-size: 13px; font-weight: 600; }
  .title { font-size: 12px; }
  .call { font-size: 12px; fill: #31609c; }
  .note { font-size: 11px; fill: #6a7688; font-style: italic; }
  .small { font-size: 11px; }
  .edge { fill: none; stroke: #6b7b90; stroke-width: 1.3; }
  .edge.failure { stroke: #c94f4f; stroke-dasharray: 5 3; }
  .head { fill: #6b7b90; }
  .head.failure { fill: #c94f4f; }
  .label { font-size: 11px; fill: #3d4a5c; }
  .label.failure { fill: #a83a3a; }
  .behind { fill: #fff; }
  @media (prefers-color-scheme: dark) {
    svg, .behind { background: #14181f; fill: #14181f; }
    text { fill: #dfe6ef; }
    .box { fill: #1f2732; stroke: #6c7c92; }
    .start .box { fill: #1a3024; } .handled .box, .end .box { fill: #14181f; } .fail .box { fill: #3a1d1f; }
    .call { fill: #8ab4ea; } .note { fill: #97a4b5; } .label { fill: #b9c4d2; } .label.failure { fill: #ef9a9a; }
  }
`

// SVG draws the graph. It needs no font, script or file beside itself.
func (g *Graph) SVG() string {
	l := layOut(g)
	heading := float64(utf8.RuneCountInString(shorten(g.Title)))*9 + 2*margin
	dx := max(0, (heading-l.width)/2)
	width, height := l.width+2*dx, l.height+titleSpace
	d := &drawing{layout: l}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img">`+"\n", width, height, width, height)
	d.printf("<title>%s</title>\n<style>%s</style>\n", escapeXML(g.Title), css)
	d.printf(`<text class="heading" x="%.1f" y="30">%s</text>`+"\n", width/2, escapeXML(shorten(g.Title)))
	d.printf(`<g transform="translate(%.1f %.1f)">`+"\n", dx, titleSpace)
	for i := range g.Edges {
		d.edge(i)
	}
	for i := range g.Nodes {
		d.node(i)
	}
	d.printf("</g>\n</svg>\n")
	return d.String()
}

// loopRoom is what an edge from a task to itself needs beside it.
func loopRoom(e Edge) float64 {
	w, _ := labelSize(e.Label)
	return w + 40
}

type drawing struct {
	*layout
	strings.Builder
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func (d *drawing) node(i int) {
	n, b := d.graph.Nodes[i], d.boxes[i]
	radius := 7.0
	if n.Shape != Task {
		radius = min(b.height/2, 16)
	}
	width := b.width - 2*b.aside
	d.printf(`<g class="%s"><rect class="box" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f"/>`, n.Shape, b.x-width/2, b.y-b.height/2, width, b.height, radius)
	if n.Shape != Task && n.Shape != Start {
		d.printf(`<text class="small" x="%.1f" y="%.1f">%s</text>`, b.x, b.y+4, escapeXML(n.Name))
	} else {
		y := b.y - b.height/2 + padding/2 + 12
		for _, line := range n.lines() {
			d.printf(`<text class="%s" x="%.1f" y="%.1f">%s</text>`, line[0], b.x, y, escapeXML(line[1]))
			y += lineHeight
		}
	}
	d.printf("</g>\n")
}

type point struct{ x, y float64 }

// edge draws an edge through the pieces of its chain, downwards, and puts the head where it leads to.
func (d *drawing) edge(i int) {
	e := d.graph.Edges[i]
	if e.From == e.To {
		d.loop(i)
		return
	}
	chain := d.chains[i]
	first, last := chain[0], chain[len(chain)-1]
	points := []point{{d.port(first, first.below, chain[1]), first.y + first.height/2}}
	for _, piece := range chain[1 : len(chain)-1] {
		points = append(points, point{piece.x, piece.y - piece.height/2}, point{piece.x, piece.y + piece.height/2})
	}
	points = append(points, point{d.port(last, last.above, chain[len(chain)-2]), last.y - last.height/2})
	if d.back[i] {
		slices.Reverse(points)
	}
	d.path(points, e.Tone)
	for _, piece := range chain[1 : len(chain)-1] {
		if piece.label {
			d.label(e, piece.x, piece.y)
		}
	}
}

// port is where on a node's border an edge begins or ends: side by side in the order of what they go to.
func (d *drawing) port(b *box, neighbours []*box, to *box) float64 {
	sorted := slices.Clone(neighbours)
	slices.SortStableFunc(sorted, func(p, q *box) int {
		switch {
		case p.x < q.x:
			return -1
		case p.x > q.x:
			return 1
		}
		return 0
	})
	at := float64(slices.Index(sorted, to)+1) / float64(len(sorted)+1)
	room := (b.width - 2*b.aside) * 0.7
	return b.x - room/2 + room*at
}

func (d *drawing) path(points []point, tone Tone) {
	end := points[len(points)-1]
	before := points[len(points)-2]
	up := end.y < before.y
	const head = 7.0
	stop := end
	if up {
		stop.y += head
	} else {
		stop.y -= head
	}
	points = append(slices.Clone(points[:len(points)-1]), stop)
	d.printf(`<path class="edge %s" d="M%.1f %.1f`, tone, points[0].x, points[0].y)
	for k := 1; k < len(points); k++ {
		from, to := points[k-1], points[k]
		middle := (from.y + to.y) / 2
		d.printf(" C%.1f %.1f %.1f %.1f %.1f %.1f", from.x, middle, to.x, middle, to.x, to.y)
	}
	d.printf(`"/><path class="head %s" d="M%.1f %.1f L%.1f %.1f L%.1f %.1f Z"/>`+"\n", tone, end.x, end.y, end.x-4, stop.y, end.x+4, stop.y)
}

// loop draws an edge from a task to itself, at its right.
func (d *drawing) loop(i int) {
	e, b := d.graph.Edges[i], d.boxes[d.graph.Edges[i].From]
	right, low, high := b.x+b.width/2-b.aside, b.y+b.height/4, b.y-b.height/4
	d.printf(`<path class="edge %s" d="M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f"/>`, e.Tone, right, low, right+36, low+8, right+36, high-8, right+7, high)
	d.printf(`<path class="head %s" d="M%.1f %.1f L%.1f %.1f L%.1f %.1f Z"/>`+"\n", e.Tone, right, high, right+7, high-4, right+7, high+4)
	w, _ := labelSize(e.Label)
	d.label(e, right+32+w/2, b.y)
}

func (d *drawing) label(e Edge, x, y float64) {
	if len(e.Label) == 0 {
		return
	}
	w, h := labelSize(e.Label)
	d.printf(`<rect class="behind" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, x-w/2, y-h/2, w, h)
	line := y - h/2 + 14
	for _, text := range e.Label {
		d.printf(`<text class="label %s" x="%.1f" y="%.1f">%s</text>`, e.Tone, x, line, escapeXML(text))
		line += 14
	}
	d.printf("\n")
}

// escapeXML writes text so that it stands in XML; characters that may not stand there at all are replaced.
func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never fails
	return b.String()
}
