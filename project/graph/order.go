package graph

import "slices"

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
