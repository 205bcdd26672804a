package graph

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
			switch state[to] {
			case open:
				l.back[i] = true
			case unseen:
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
