package workflow

import "math/bits"

// bitset is a set of small numbers. All sets that meet in one operation have the same length.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

// full gives the set of all numbers below n.
func full(n int) bitset {
	s := newBitset(n)
	for i := range s {
		s[i] = ^uint64(0)
	}
	if n%64 > 0 {
		s[len(s)-1] = 1<<(n%64) - 1
	}
	return s
}

func (s bitset) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s bitset) remove(i int)   { s[i/64] &^= 1 << (i % 64) }
func (s bitset) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s bitset) clone() bitset { return append(bitset(nil), s...) }

func (s bitset) union(o bitset) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s bitset) intersect(o bitset) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s bitset) without(o bitset) bitset {
	c := s.clone()
	for i := range c {
		c[i] &^= o[i]
	}
	return c
}

func (s bitset) equal(o bitset) bool {
	for i := range s {
		if s[i] != o[i] {
			return false
		}
	}
	return true
}

func (s bitset) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// within tells whether all of s is in o.
func (s bitset) within(o bitset) bool {
	for i := range s {
		if s[i]&^o[i] != 0 {
			return false
		}
	}
	return true
}

// each calls f for every number of the set, in order.
func (s bitset) each(f func(i int)) {
	for w, word := range s {
		for word != 0 {
			f(w*64 + bits.TrailingZeros64(word))
			word &= word - 1
		}
	}
}
