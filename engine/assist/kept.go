package assist

import (
	"crypto/sha256"
	"slices"
	"sync"

	"gantry/engine/workflow"
)

// mostKept is how many texts are kept analysed. An editor asks several times about one text: for its diagnostics,
// for what is under the pointer, for what could be written where the cursor stands.
const mostKept = 8

// kept are the texts that were asked about last, the latest at the end.
type kept struct {
	mu   sync.Mutex
	list []*keptText
}

type keptText struct {
	key     [sha256.Size]byte
	analyse func() *workflow.Analysis // once
	survey  func() *workflow.Analysis // once; for questions about a place that need no judgement of the whole
}

// analyse checks a text, or gives what is known of it. Who asks for a text that somebody else is asking for waits
// for that one.
func (a *Assistant) analyse(id, text string) *workflow.Analysis {
	return a.text(id, text).analyse()
}

// survey finds out what expressions at the places of a text can name, or gives what is known of it.
func (a *Assistant) survey(id, text string) *workflow.Analysis {
	return a.text(id, text).survey()
}

func (a *Assistant) text(id, text string) *keptText {
	by := func(how func(id, file string, text []byte, w workflow.World) *workflow.Analysis) func() *workflow.Analysis {
		return sync.OnceValue(func() *workflow.Analysis { return how(id, a.file(id), []byte(text), a.world) })
	}
	return a.kept.get(&keptText{sha256.Sum256([]byte(id + "\x00" + text)), by(workflow.Analyse), by(workflow.Survey)})
}

// get gives what is kept of the same text, or keeps this one.
func (k *kept) get(t *keptText) *keptText {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.list, func(o *keptText) bool { return o.key == t.key })
	if at >= 0 {
		t = k.list[at]
		k.list = append(slices.Delete(k.list, at, at+1), t)
		return t
	}
	if len(k.list) >= mostKept {
		k.list = slices.Delete(k.list, 0, 1)
	}
	k.list = append(k.list, t)
	return t
}
