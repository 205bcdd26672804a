package store

// Sum is what write functions leave to be written together: once for each transaction, however many functions share
// it. Counters are kept so, of which many functions change the same few rows.
type Sum struct {
	// Write is called with all that was left, in the order in which it was, before the transaction is committed. It must
	// be quick. Its error, or panic, undoes the whole transaction, so it must not fail but with the database.
	Write func(tx *Tx, left []any) error
}

// leaving is something that was left for the end of the transaction.
type leaving struct {
	sum  *Sum
	what any
}

// Leave has something written at the end of the transaction, if the function does not fail. What reads the database in
// the transaction does not see it.
func (t *Tx) Leave(sum *Sum, what any) {
	if !t.over {
		t.w.left = append(t.w.left, leaving{sum, what})
	}
}

// writeLeft writes what the functions of the transaction have left.
func (w *writer) writeLeft() error {
	for len(w.left) > 0 {
		sum, rest, mine := w.left[0].sum, w.left[:0], []any(nil)
		for _, l := range w.left {
			if l.sum == sum {
				mine = append(mine, l.what)
			} else {
				rest = append(rest, l)
			}
		}
		clear(w.left[len(rest):])
		w.left = rest
		if err := w.call(func(tx *Tx) error { return sum.Write(tx, mine) }); err != nil {
			return err
		}
	}
	return nil
}
