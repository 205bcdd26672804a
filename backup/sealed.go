package backup

import (
	"context"
	"strings"

	"gantry/engine/history"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers/webhook"
)

// needsKey tells whether anything in the database is sealed with the master key of that id: a secret, the keys of
// addresses, or what runs redact. Without any of them a restore needs no key.
func needsKey(ctx context.Context, s *store.Store, id string) (bool, error) {
	secrets, err := orgs.KeysInUse(ctx, s)
	if err != nil || len(orgs.LackOf([]string{id}, secrets)) == 0 {
		return err == nil, err
	}
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	sealed := false
	look := func(text string) bool { // nothing is stale, so that nothing is sealed anew
		if strings.HasPrefix(text, id+".") {
			sealed = true
			enough() // one such value will do
		}
		return false
	}
	for _, keeper := range []orgs.Resealer{webhook.Resealer{Store: s, Sealer: orgs.NoKeys()}, history.New(s, orgs.NoKeys())} {
		_, err := keeper.Reseal(ctx, look)
		if sealed {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}
