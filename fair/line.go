// Package fair says who goes next when several organisations wait for the same thing: each in turn, and of
// one organisation whoever came first. However many wait for one, another is served next but once.
package fair

import "container/list"

// Line is what waits. It is served round-robin by organisation and in the order of coming within one. The
// zero value is an empty line. It is not safe for concurrent use.
type Line[T any] struct {
	turns  list.List // of *queue[T], the next to be served first
	queues map[string]*queue[T]
	length int
}

// queue is what waits of one organisation; it stands in turns while it holds anything.
type queue[T any] struct {
	organisation string
	places       list.List // of *Place[T]
	turn         *list.Element
}

// Place is a place in a line.
type Place[T any] struct {
	Item    T
	line    *Line[T]
	queue   *queue[T]
	element *list.Element // nil: it has left the line
}

// Join lets an item wait at the end of its organisation's queue.
func (l *Line[T]) Join(organisation string, item T) *Place[T] {
	q := l.queues[organisation]
	if q == nil {
		q = &queue[T]{organisation: organisation}
		q.turn = l.turns.PushBack(q)
		if l.queues == nil {
			l.queues = map[string]*queue[T]{}
		}
		l.queues[organisation] = q
	}
	p := &Place[T]{Item: item, line: l, queue: q}
	p.element = q.places.PushBack(p)
	l.length++
	return p
}

// Leave gives the place up. It tells whether the place was still in the line.
func (p *Place[T]) Leave() bool {
	if p.element == nil {
		return false
	}
	p.queue.places.Remove(p.element)
	p.element = nil
	p.line.length--
	if p.queue.places.Len() == 0 {
		p.line.turns.Remove(p.queue.turn)
		delete(p.line.queues, p.queue.organisation)
	}
	return true
}

// First gives who is served next, without serving it; nil: nobody waits.
func (l *Line[T]) First() *Place[T] {
	if front := l.turns.Front(); front != nil {
		return front.Value.(*queue[T]).places.Front().Value.(*Place[T])
	}
	return nil
}

// FirstOf gives who is served next of one organisation; nil: nobody of it waits.
func (l *Line[T]) FirstOf(organisation string) *Place[T] {
	if q := l.queues[organisation]; q != nil {
		return q.places.Front().Value.(*Place[T])
	}
	return nil
}

// Serve takes a place out of the line; the turn passes on to the next organisation.
func (l *Line[T]) Serve(p *Place[T]) T {
	if p.Leave() && p.queue.places.Len() > 0 {
		l.turns.MoveToBack(p.queue.turn)
	}
	return p.Item
}

// Len tells how many wait, LenOf how many of one organisation.
func (l *Line[T]) Len() int { return l.length }

// LenOf tells how many of one organisation wait.
func (l *Line[T]) LenOf(organisation string) int {
	if q := l.queues[organisation]; q != nil {
		return q.places.Len()
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
			ahead += min(q.places.Len(), own)
		default:
			ahead += min(q.places.Len(), own+1)
		}
	}
	return ahead
}
