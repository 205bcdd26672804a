// Package workflows holds the example workflows that ship with Gantry. `gantry init` copies them.
package workflows

import "embed"

// Files are the workflows, by their path in a project's workflows folder.
//
//go:embed *.yaml examples
var Files embed.FS
