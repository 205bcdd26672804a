package project

import "gantry/crates"

// Crates gives the crates as they are now, in order of their names: the project's own, and those that ship.
func (l *Live) Crates() []*crates.Crate { return l.now.Load().project.Crates }
