// Package fair says who goes next when several organisations wait for the same thing: each in turn, and of
// one organisation whoever came first. However many wait for one, another is served next but once.
package fair

import (
	"container/heap"
	"container/list"
	"iter"
)

// Line is what waits. It is served round-robin by organisation and in the order of coming within one. The
// zero value is an empty line. It is not safe for concurrent use.
type Line[T any] struct {
	turns  list.List // of *queue[T], the next to be served first
	queues map[string]*queue[T]
	length int
	came   int64
}

// queue is what waits of one organisation, a heap by rank; it stands in turns while it holds anything.
type queue[T any] struct {
	organisation string
	places       []*Place[T]
	turn         *list.Element
}

// Place is a place in a line.
type Place[T any] struct {
	Item  T
	line  *Line[T]
	queue *queue[T]
	rank  int64
	at    int // in the queue; -1: it has left the line
}

// Join lets an item wait at the end of its organisation's queue.
func (l *Line[T]) Join(organisation string, item T) *Place[T] {
	l.came++
	return l.JoinAt(organisation, l.came, item)
}

// JoinAt lets an item wait in its organisation's queue before all that have a higher rank, for those that
// come back to a place they had. A line knows either ranks or Join.
func (l *Line[T]) JoinAt(organisation string, rank int64, item T) *Place[T] {
	q := l.queues[organisation]
	if q == nil {
		q = &queue[T]{organisation: organisation}
		q.turn = l.turns.PushBack(q)
		if l.queues == nil {
			l.queues = map[string]*queue[T]{}
		}
		l.queues[organisation] = q
	}
	p := &Place[T]{Item: item, line: l, queue: q, rank: rank}
	heap.Push(q, p)
	l.length++
	return p
}

// Leave gives the place up. It tells whether the place was still in the line.
func (p *Place[T]) Leave() bool {
	if p.at < 0 {
		return false
	}
	heap.Remove(p.queue, p.at)
	p.line.length--
	if len(p.queue.places) == 0 {
		p.line.turns.Remove(p.queue.turn)
		delete(p.line.queues, p.queue.organisation)
	}
	return true
}

// Firsts gives the first of each organisation in the order of their turns. What is given may be served, or
// leave, meanwhile.
func (l *Line[T]) Firsts() iter.Seq[*Place[T]] {
	return func(yield func(*Place[T]) bool) {
		e := l.turns.Front()
		for range l.turns.Len() {
			next := e.Next()
			if !yield(e.Value.(*queue[T]).places[0]) {
				return
			}
			e = next
		}
	}
}

// First gives who is served next, without serving it; nil: nobody waits.
func (l *Line[T]) First() *Place[T] {
	if front := l.turns.Front(); front != nil {
		return front.Value.(*queue[T]).places[0]
	}
	return nil
}

// FirstOf gives who is served next of one organisation; nil: nobody of it waits.
func (l *Line[T]) FirstOf(organisation string) *Place[T] {
	if q := l.queues[organisation]; q != nil {
		return q.places[0]
	}
	return nil
}

// Serve takes a place out of the line; the turn passes on to the next organisation.
func (l *Line[T]) Serve(p *Place[T]) T {
	if p.Leave() && len(p.queue.places) > 0 {
		l.turns.MoveToBack(p.queue.turn)
	}
	return p.Item
}

// Len tells how many wait, LenOf how many of one organisation.
func (l *Line[T]) Len() int { return l.length }

// LenOf tells how many of one organisation wait.
func (l *Line[T]) LenOf(organisation string) int {
	if q := l.queues[organisation]; q != nil {
		return len(q.places)
	}
	return 0
}

// Ahead tells how many are served before one who joins now, if nobody comes after.
func (l *Line[T]) Ahead(organisation string) int {
	own := l.LenOf(organisation)
	ahead, passed := own, false // passed: the organisation's turn comes before this queue's
	for e := l.turns.Front(); e != nil; e = e.Next() {
		q := e.Value.(*queue[T])
		switch {
		case q.organisation == organisation:
			passed = true
		case passed:
			ahead += min(len(q.places), own)
		default:
			ahead += min(len(q.places), own+1)
		}
	}
	return ahead
}

// Len, Less, Swap, Push and Pop make a queue a heap for container/heap.
func (q *queue[T]) Len() int           { return len(q.places) }
func (q *queue[T]) Less(i, j int) bool { return q.places[i].rank < q.places[j].rank }

func (q *queue[T]) Swap(i, j int) {
	q.places[i], q.places[j] = q.places[j], q.places[i]
	q.places[i].at, q.places[j].at = i, j
}

func (q *queue[T]) Push(p any) {
	place := p.(*Place[T])
	place.at = len(q.places)
	q.places = append(q.places, place)
}

func (q *queue[T]) Pop() any {
	last := len(q.places) - 1
	p := q.places[last]
	q.places[last] = nil
	q.places, p.at = q.places[:last], -1
	return p
}
