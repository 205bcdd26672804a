package flow

import "gantry/fault"

// seenNotDone is why a write was not done, once a look at the other system has shown that it was not: nobody needs to
// look there any more.
func seenNotDone(out Outcome) *fault.Error {
	if out.Error == nil || out.Error.Code != fault.UnknownOutcome {
		return out.Error
	}
	known := *out.Error
	known.Code, known.Hint = fault.Network, "a look at the other system showed that it was not done; it can be run again"
	known.Message = "not done; " + known.Message
	if out.Interrupted {
		known.Code, known.Message = fault.Interrupted, "not done: the process ended before"
	}
	return &known
}
