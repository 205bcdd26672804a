package graph

import (
	"slices"
)

// The layout is layered (Sugiyama): edges that lead back are turned round, nodes get layers by their
// longest way from the start, long edges are cut into pieces, layers are ordered by barycentres so that few
// edges cross, and places are averaged along the edges. Between two layers of tasks lies one of labels,
// in which every edge has a box of its own: so labels never cover each other.

// box is something with a place: a node, or a piece of an edge that passes through a layer.
type box struct {
	node          int // index of Graph.Nodes, -1 for a piece of an edge
	edge          int // index of Graph.Edges, -1 for a node
	label         bool
	layer         int
	width, height float64
	aside         float64 // of the width, at either side: room for edges from the node to itself
	x, y          float64 // of its centre
	above, below  []*box
}

// layout is a graph with places.
type layout struct {
	graph         *Graph
	boxes         []*box // of the nodes, by index
	chains        [][]*box
	back          []bool // the edge leads up
	layers        [][]*box
	width, height float64
}

// Distances in pixels.
const (
	margin   = 24.0
	apart    = 28.0 // between boxes of a layer
	between  = 20.0 // between layers
	thinnest = 16.0 // the width of an edge's piece without a label
)

func layOut(g *Graph) *layout {
	l := &layout{graph: g}
	for i, n := range g.Nodes {
		w, h := n.size()
		l.boxes = append(l.boxes, &box{node: i, edge: -1, width: w, height: h})
	}
	for _, e := range g.Edges {
		if e.From == e.To {
			b, room := l.boxes[e.From], loopRoom(e)
			b.width += 2 * max(0, room-b.aside)
			b.aside = max(b.aside, room)
		}
	}
	l.turnBack()
	l.assignLayers()
	l.cutEdges()
	l.order()
	l.place()
	return l
}

// turnBack finds the edges that close circles, by walking from the start in the file's order.
func (l *layout) turnBack() {
	l.back = make([]bool, len(l.graph.Edges))
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(l.boxes))
	out := make([][]int, len(l.boxes))
	for i, e := range l.graph.Edges {
		out[e.From] = append(out[e.From], i)
	}
	var visit func(node int)
	visit = func(node int) {
		state[node] = open
		for _, i := range out[node] {
			to := l.graph.Edges[i].To
			if state[to] == open {
				l.back[i] = true
			} else if state[to] == unseen {
				visit(to)
			}
		}
		state[node] = done
	}
	for node := range l.boxes {
		if state[node] == unseen {
			visit(node)
		}
	}
}

// ends gives an edge's upper and lower node.
func (l *layout) ends(i int) (upper, lower int) {
	e := l.graph.Edges[i]
	if l.back[i] {
		return e.To, e.From
	}
	return e.From, e.To
}

// assignLayers puts each node two layers below the lowest of those that lead to it.
func (l *layout) assignLayers() {
	for range l.boxes { // as often as the longest way can be
		changed := false
		for i := range l.graph.Edges {
			upper, lower := l.ends(i)
			if want := l.boxes[upper].layer + 2; upper != lower && l.boxes[lower].layer < want {
				l.boxes[lower].layer, changed = want, true
			}
		}
		if !changed {
			return
		}
	}
}

// cutEdges gives each edge a piece in every layer that it passes, and fills the layers.
func (l *layout) cutEdges() {
	last := 0
	for _, b := range l.boxes {
		last = max(last, b.layer)
	}
	l.layers = make([][]*box, last+1)
	for _, b := range l.boxes {
		l.layers[b.layer] = append(l.layers[b.layer], b)
	}
	l.chains = make([][]*box, len(l.graph.Edges))
	for i, e := range l.graph.Edges {
		upper, lower := l.ends(i)
		if upper == lower {
			continue
		}
		chain := []*box{l.boxes[upper]}
		for layer := l.boxes[upper].layer + 1; layer < l.boxes[lower].layer; layer++ {
			piece := &box{node: -1, edge: i, layer: layer, width: thinnest}
			if layer == l.labelLayer(i) && len(e.Label) > 0 {
				piece.label = true
				piece.width, piece.height = labelSize(e.Label)
			}
			l.layers[layer] = append(l.layers[layer], piece)
			chain = append(chain, piece)
		}
		chain = append(chain, l.boxes[lower])
		for k := 1; k < len(chain); k++ {
			chain[k-1].below = append(chain[k-1].below, chain[k])
			chain[k].above = append(chain[k].above, chain[k-1])
		}
		l.chains[i] = chain
	}
}

// labelLayer is where an edge's label stands: beside the node that it leaves.
func (l *layout) labelLayer(i int) int {
	upper, lower := l.ends(i)
	if l.back[i] {
		return l.boxes[lower].layer - 1
	}
	return l.boxes[upper].layer + 1
}

// sweeps is how often layers are ordered and places averaged; more changes little.
const sweeps = 12

// order sorts the boxes of each layer by the middle of their neighbours, down and up in turns, and keeps
// the order with the fewest crossings.
func (l *layout) order() {
	best, fewest := l.snapshot(), l.crossings()
	for sweep := range sweeps {
		for k := range l.layers {
			if sweep%2 == 0 {
				sortBy(l.layers[k], l.positions(k-1), func(b *box) []*box { return b.above })
			} else {
				at := len(l.layers) - 1 - k
				sortBy(l.layers[at], l.positions(at+1), func(b *box) []*box { return b.below })
			}
		}
		if n := l.crossings(); n < fewest {
			best, fewest = l.snapshot(), n
		}
	}
	l.layers = best
}

func (l *layout) snapshot() [][]*box {
	copied := make([][]*box, len(l.layers))
	for i, layer := range l.layers {
		copied[i] = slices.Clone(layer)
	}
	return copied
}

func (l *layout) positions(layer int) map[*box]float64 {
	if layer < 0 || layer >= len(l.layers) {
		return nil
	}
	at := map[*box]float64{}
	for i, b := range l.layers[layer] {
		at[b] = float64(i)
	}
	return at
}

// sortBy sorts by the mean position of neighbours; a box without any keeps its place.
func sortBy(layer []*box, at map[*box]float64, neighbours func(*box) []*box) {
	key := make(map[*box]float64, len(layer))
	for i, b := range layer {
		key[b] = float64(i)
		if near := neighbours(b); len(near) > 0 && at != nil {
			sum := 0.0
			for _, n := range near {
				sum += at[n]
			}
			key[b] = sum / float64(len(near))
		}
	}
	slices.SortStableFunc(layer, func(a, b *box) int {
		switch {
		case key[a] < key[b]:
			return -1
		case key[a] > key[b]:
			return 1
		}
		return 0
	})
}

// crossings counts the pairs of edge pieces that cross.
func (l *layout) crossings() (n int) {
	for k := range len(l.layers) - 1 {
		at := l.positions(k + 1)
		var ends []float64
		for _, b := range l.layers[k] {
			var mine []float64
			for _, below := range b.below {
				mine = append(mine, at[below])
			}
			for _, m := range mine {
				for _, e := range ends {
					if e > m {
						n++
					}
				}
			}
			ends = append(ends, mine...)
		}
	}
	return n
}

// place gives the boxes their coordinates.
func (l *layout) place() {
	y := margin
	for _, layer := range l.layers {
		height, x := 0.0, 0.0
		for _, b := range layer {
			height = max(height, b.height)
			b.x = x + b.width/2
			x += b.width + apart
		}
		for _, b := range layer {
			b.y = y + height/2
			b.x -= x / 2
			if b.node < 0 && !b.label {
				b.height = height // straight past the nodes of the layer
			}
		}
		y += height + between
	}
	l.height = y - between + margin
	for sweep := range sweeps {
		for k := range l.layers {
			if sweep%2 == 0 {
				pull(l.layers[k], func(b *box) []*box { return b.above })
			} else {
				pull(l.layers[len(l.layers)-1-k], func(b *box) []*box { return b.below })
			}
		}
	}
	l.shift()
}

// pull moves the boxes of a layer towards the middle of their neighbours as far as there is room: the
// mean of the places that packing from the left and from the right gives.
func pull(layer []*box, neighbours func(*box) []*box) {
	wanted := make([]float64, len(layer))
	for i, b := range layer {
		wanted[i] = b.x
		if near := neighbours(b); len(near) > 0 {
			sum := 0.0
			for _, n := range near {
				sum += n.x
			}
			wanted[i] = sum / float64(len(near))
		}
	}
	room := func(i int) float64 { return (layer[i].width+layer[i+1].width)/2 + apart }
	left, right := slices.Clone(wanted), slices.Clone(wanted)
	for i := 1; i < len(layer); i++ {
		left[i] = max(left[i], left[i-1]+room(i-1))
	}
	for i := len(layer) - 2; i >= 0; i-- {
		right[i] = min(right[i], right[i+1]-room(i))
	}
	for i, b := range layer {
		b.x = (left[i] + right[i]) / 2
	}
}

// shift moves everything so that the drawing begins at the margin.
func (l *layout) shift() {
	first := true
	var left, right float64
	for _, layer := range l.layers {
		for _, b := range layer {
			if first {
				left, right, first = b.x-b.width/2, b.x+b.width/2, false
			}
			left, right = min(left, b.x-b.width/2), max(right, b.x+b.width/2)
		}
	}
	for _, layer := range l.layers {
		for _, b := range layer {
			b.x += margin - left
		}
	}
	l.width = right - left + 2*margin
}
