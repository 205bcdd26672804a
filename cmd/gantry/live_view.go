package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"gantry/engine"
)

// view shows a run while it goes on.
type view interface {
	take(updates []engine.Update) // what has happened
	tick()                        // a moment has passed
	say(text string)              // a line for the person
	close()                       // leaves the final state standing
	tree() *runTree
}

// newView chooses how a run is watched: on a terminal as a tree, else as lines, with --quiet not at all.
// note stands behind the workflow's name.
func (a *App) newView(note string) view {
	known := knownTree{newRunTree(), note, a.Now}
	switch {
	case a.Flags.Quiet:
		return &quietView{known}
	case isTerminal(a.Err) && a.Getenv("TERM") != "dumb":
		file := a.Err.(*os.File)
		return &treeView{knownTree: known, style: a.errStyle(), screen: screen{out: a.Err, size: func() (int, int) { return terminalSize(file) }}}
	}
	return &lineView{knownTree: known, out: a.Err, style: a.errStyle(), said: map[string]saidOfStep{}}
}

// terminalSize gives columns and rows; 80 by 24 where the terminal does not tell.
func terminalSize(file *os.File) (width, height int) {
	width, height, err := term.GetSize(int(file.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return 80, 24
	}
	return width, height
}

// knownTree gathers the updates.
type knownTree struct {
	known *runTree
	note  string
	now   func() time.Time
}

func (k *knownTree) tree() *runTree { return k.known }

func (k *knownTree) add(u engine.Update) *runNode {
	n := k.known.take(u, k.now())
	if n == k.known.root {
		n.Note = k.note
	}
	return n
}

// quietView only gathers.
type quietView struct{ knownTree }

func (v *quietView) take(updates []engine.Update) {
	for _, u := range updates {
		v.add(u)
	}
}
func (v *quietView) tick()      {}
func (v *quietView) say(string) {}
func (v *quietView) close()     {}

// treeView draws the tree again and again at the bottom of a terminal.
type treeView struct {
	knownTree
	style  style
	screen screen
	frame  int
}

func (v *treeView) take(updates []engine.Update) {
	for _, u := range updates {
		v.add(u)
	}
}

func (v *treeView) tick() {
	v.frame++
	v.draw(true)
}

func (v *treeView) say(text string) {
	width, _ := v.screen.size()
	v.screen.above(strings.Join(wrapped(text, width-1), "\n"))
}

func (v *treeView) close() { v.draw(false) }

// draw draws what fits on the screen, or for good everything up to a bound.
func (v *treeView) draw(going bool) {
	const atEnd = 200 // lines; `gantry runs show` has them all
	width, height := v.screen.size()
	p := &picture{style: v.style, width: max(width-1, 20), now: v.now(), live: going, frame: v.frame}
	p.draw(v.known)
	if going {
		v.screen.draw(fit(p.lines, max(height-1, 4)))
		return
	}
	v.screen.draw(fit(p.lines, atEnd))
}

// lineView writes a line for everything that happens.
type lineView struct {
	knownTree
	out   io.Writer
	style style
	said  map[string]saidOfStep
	waits map[string]time.Time // when a step's wait for a rate limit was told
	begun bool
}

func (v *lineView) tick()           {}
func (v *lineView) close()          {}
func (v *lineView) say(text string) { fmt.Fprintln(v.out, text) }
