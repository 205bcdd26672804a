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
}

// analyse checks a text, or gives what is known of it. Who asks for a text that somebody else is asking for waits
// for that one.
func (a *Assistant) analyse(id, text string) *workflow.Analysis {
	key := sha256.Sum256([]byte(id + "\x00" + text))
	return a.kept.get(key, func() *workflow.Analysis {
		return workflow.Analyse(id, a.file(id), []byte(text), a.world)
	}).analyse()
}

func (k *kept) get(key [sha256.Size]byte, analyse func() *workflow.Analysis) *keptText {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.list, func(t *keptText) bool { return t.key == key })
	if at >= 0 {
		t := k.list[at]
		k.list = append(slices.Delete(k.list, at, at+1), t)
		return t
	}
	if len(k.list) >= mostKept {
		k.list = slices.Delete(k.list, 0, 1)
	}
	t := &keptText{key: key, analyse: sync.OnceValue(analyse)}
	k.list = append(k.list, t)
	return t
}
