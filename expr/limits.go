package expr

import "time"

// What one expression may use. The numbers hold for every Env: an expression that is too much for one
// workflow is too much for all.
const (
	// MaxSource is the length of one expression in bytes.
	MaxSource = 16 << 10
	// MaxCost bounds the work of one evaluation. One unit is about one operation, or the reading of
	// 16 bytes: a list of 100,000 tickets can be filtered, sorted or grouped within it.
	MaxCost = 10_000_000
	// MaxTime is how long one evaluation may take. It is a backstop: the cost, which does not depend on
	// how busy the machine is, should end what is too much, so that a replay decides as the run did.
	MaxTime = 3 * time.Second
	// MaxResult is the size of one result in bytes, about as it would be as JSON.
	MaxResult = 8 << 20

	maxNesting    = 100    // of brackets and operators in one expression
	maxNodes      = 20_000 // of the syntax tree, macros expanded
	maxLoops      = 4      // list functions inside each other
	maxListLength = 1_000_000
	checkEvery    = 1024 // units of cost between two looks at the clock
)
