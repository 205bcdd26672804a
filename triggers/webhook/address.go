package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/signature"
	"gantry/store"
	"gantry/triggers"
)

// address is whose an address is.
type address struct {
	triggers.Key
	OrganisationID string
}

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// tokenBytes is the unguessable part of an address: 160 bits, 32 letters and digits.
const tokenBytes = 20

// token is the address's unguessable part, of its generation.
func (h *Hooks) token(a address, generation int64) string {
	m := hmac.New(sha256.New, h.key)
	writePart(m, "address", a.Workflow, a.Trigger, a.OrganisationID)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(generation))
	m.Write(n[:])
	return tokenText.EncodeToString(m.Sum(nil)[:tokenBytes])
}

// writePart writes texts so that no two lists of them look the same.
func writePart(m interface{ Write([]byte) (int, error) }, texts ...string) {
	for _, text := range texts {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(text)))
		_, _ = m.Write(n[:])
		_, _ = m.Write([]byte(text))
	}
}

// hook is one address that is there: a trigger and an organisation for which it fires.
type hook struct {
	address
	active *triggers.Active
	org    orgs.Organisation
	token  string
	share  *share
}

// index finds hooks by what a token's hash is: the time of a look-up tells nothing of how near a guess was.
type index struct {
	byToken map[[sha256.Size]byte]*hook
	byOwner map[address]*hook
}

func (h *Hooks) find(token string) *hook {
	return h.index.Load().byToken[sha256.Sum256([]byte(token))]
}

// follow makes the index of a new Book.
func (h *Hooks) follow(book *triggers.Book) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.book = book
	h.reindex()
}

// reindex is called with mu held.
func (h *Hooks) reindex() {
	if h.book == nil {
		return
	}
	old := h.index.Load()
	next := &index{byToken: map[[sha256.Size]byte]*hook{}, byOwner: map[address]*hook{}}
	for _, active := range h.book.OfType("webhook") {
		if active.Trigger.Webhook == nil {
			continue
		}
		for _, org := range active.Organisations {
			a := address{active.Key, org.ID}
			k := &hook{address: a, active: active, org: org, token: h.token(a, h.generations[a])}
			if before := old.byOwner[a]; before != nil {
				k.share = before.share
			} else {
				k.share = &share{}
			}
			next.byToken[sha256.Sum256([]byte(k.token))], next.byOwner[a] = k, k
		}
	}
	h.index.Store(next)
}

// Address gives where a trigger's requests for an organisation go, also while it is switched off.
// Without a public URL it is the path alone.
func (h *Hooks) Address(key triggers.Key, orgID string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := address{key, orgID}
	return h.URL + Path + h.token(a, h.generations[a])
}

// Rotate gives a trigger another address for an organisation. The old one is gone when it returns; what was
// accepted there stays.
func (h *Hooks) Rotate(ctx context.Context, key triggers.Key, orgID string) (string, error) {
	if err := h.checkRotate(key, orgID); err != nil {
		return "", err
	}
	a := address{key, orgID}
	var generation int64
	err := h.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO webhook_addresses (workflow, trigger_name, organisation_id, generation, changed_at) VALUES (?, ?, ?, 1, ?)
			ON CONFLICT (workflow, trigger_name, organisation_id) DO UPDATE SET generation = generation + 1, changed_at = excluded.changed_at`,
			a.Workflow, a.Trigger, a.OrganisationID, h.Now().UnixMicro())
		if err != nil {
			return err
		}
		return tx.Get(&generation, "SELECT generation FROM webhook_addresses WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?",
			a.Workflow, a.Trigger, a.OrganisationID)
	})
	if err != nil {
		return "", err
	}
	h.mu.Lock()
	h.generations[a] = max(generation, h.generations[a])
	h.reindex()
	h.mu.Unlock()
	return h.Address(key, orgID), nil
}

func (h *Hooks) checkRotate(key triggers.Key, orgID string) error {
	h.mu.Lock()
	book := h.book
	h.mu.Unlock()
	if book == nil {
		return fault.New(fault.Missing, "The triggers are not known yet.").WithHint("try again in a moment")
	}
	active, ok := book.Find(key)
	switch {
	case !ok:
		return fault.New(fault.Missing, "There is no trigger %s.", key).WithHint("`gantry triggers list` shows them")
	case active.Trigger.Type != "webhook":
		return fault.New(fault.InvalidInput, "The trigger %s has no address: its type is %s.", key, active.Trigger.Type).
			WithHint("only webhooks have addresses")
	}
	if _, ok := book.Organisation(orgID); !ok {
		return fault.New(fault.Missing, "There is no such organisation.").WithHint("`gantry orgs list` shows them")
	}
	return nil
}

func loadGenerations(ctx context.Context, s *store.Store) (map[address]int64, error) {
	var rows []struct {
		Workflow     string `db:"workflow"`
		Trigger      string `db:"trigger_name"`
		Organisation string `db:"organisation_id"`
		Generation   int64  `db:"generation"`
	}
	err := s.Read().SelectContext(ctx, &rows, "SELECT workflow, trigger_name, organisation_id, generation FROM webhook_addresses")
	if err != nil {
		return nil, store.Fault(err)
	}
	all := map[address]int64{}
	for _, row := range rows {
		all[address{triggers.Key{Workflow: row.Workflow, Trigger: row.Trigger}, row.Organisation}] = row.Generation
	}
	return all, nil
}

// Of is the triggers.Detail of webhooks: {address, methods, verify, refused}.
func (h *Hooks) Of(ctx context.Context, key triggers.Key, orgID string) (map[string]any, error) {
	h.mu.Lock()
	book := h.book
	h.mu.Unlock()
	if book == nil {
		return nil, nil
	}
	active, ok := book.Find(key)
	if !ok || active.Trigger.Webhook == nil {
		return nil, nil
	}
	settings := active.Trigger.Webhook
	facts := map[string]any{"methods": anyTexts(settings.Methods), "open_to_everybody": settings.Verify.None, "verify": proof(settings.Verify)}
	if orgID == "" {
		return facts, nil
	}
	facts["address"] = h.Address(key, orgID)
	refused, err := h.Refusals(ctx, key, orgID)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(refused))
	for i, r := range refused {
		list[i] = map[string]any{"kind": r.Kind, "why": r.Why, "count": r.Count, "last_at": r.LastAt.UTC().Format(time.RFC3339Nano)}
	}
	facts["refused"] = list
	return facts, nil
}

// proof tells how senders prove who they are: {way, user, secret}, of which secret is the name of a variable, and the
// keys of the scheme as hmac has them, so that a request can be signed.
func proof(v workflow.Verification) map[string]any {
	if v.None || v.Scheme == nil {
		return map[string]any{"way": "none"}
	}
	s := v.Scheme
	facts := map[string]any{"way": string(s.Way), "secret": v.Secret}
	for key, value := range map[string]string{
		"header": s.Header, "user": v.User, "algorithm": s.Algorithm, "encoding": s.Encoding, "prefix": s.Prefix, "content": s.Content,
		"secret_encoding": s.SecretEncoding, "id_header": s.IDHeader, "timestamp_header": s.TimestampHeader,
		"timestamp_prefix": s.TimestampPrefix, "timestamp_format": s.TimestampFormat, "separator": s.Separator,
	} {
		if value != "" && (s.Way == signature.HMAC || key == "header" || key == "user") {
			facts[key] = value
		}
	}
	return facts
}

func anyTexts(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
