// Package failpoint names the moments at which a crash would hurt most. Built with the tag failpoints, a program
// kills itself at the one that the environment names; built without, as it ships, Hit is an empty function that
// the compiler leaves out.
package failpoint

// Variable is the environment's word for where a program that was built with the tag failpoints kills itself:
// GANTRY_FAILPOINT="name[:nth]", at the nth time (1 unless said) that the point is reached.
const Variable = "GANTRY_FAILPOINT"

// Point is a moment that a crash is tried at.
type Point struct {
	Name string // room.moment
	At   string // where in the course of things that is
}

// Names lists the names of all points.
func Names() []string {
	names := make([]string, len(Points))
	for i, p := range Points {
		names[i] = p.Name
	}
	return names
}
