package workflow

import (
	"strings"
	"testing"
)

// A foreign word that is renamed has a hint that says the same, and a place that has the key.
func TestRenamedWords(t *testing.T) {
	for word, own := range renamed {
		if !strings.HasPrefix(foreign[word], "write "+own) {
			t.Errorf("%s becomes %s, and the hint is %q", word, own, foreign[word])
		}
		if place, _, ok := strings.Cut(word, "."); ok {
			if p, known := PlaceCalled(place); !known || !hasKey(p, own) {
				t.Errorf("%s: there is no key %s", word, own)
			}
		}
	}
}

func hasKey(p *Place, name string) bool {
	_, ok := p.Key(name)
	return ok
}
