package engine

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
)

// LinkPath is where the addresses of waits lie: LinkPath + run + "/" + task + "/" + token, and in a for_each "/" + index.
const LinkPath = "/waits/"

// linkToken is the unguessable part of an address: 160 bits, 32 letters and digits.
const linkToken = 20

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// links makes the addresses of waits, which nobody can guess and nothing keeps: they follow from a sealed key.
type links struct {
	mu  sync.Mutex
	key []byte
}

func (e *Engine) linkKey(ctx context.Context) ([]byte, error) {
	e.links.mu.Lock()
	defer e.links.mu.Unlock()
	if e.links.key != nil {
		return e.links.key, nil
	}
	key, err := e.History.WaitKey(ctx, func() ([]byte, error) {
		key := make([]byte, 32)
		_, err := rand.Read(key)
		return key, err
	})
	if err != nil { // one that is not on disk would be gone with the process, and with it every link
		return nil, err
	}
	e.links.key = key
	return key, nil
}

func tokenOf(key []byte, run, task string) string { return proofOf(key, "wait", run, task) }

// AskedProof is what the form of a question carries: it was made for this question as it is asked now. "" where the
// key is not at hand, with which no address leads there either.
func (e *Engine) AskedProof(w history.Wait) string {
	key, err := e.linkKey(context.Background()) // it is at hand, or a short read away
	if err != nil {
		return ""
	}
	return proofOf(key, "asked", w.Run, w.Task, strconv.Itoa(w.Unit.Exec), strconv.Itoa(w.Unit.Item), strconv.FormatInt(w.Since.UnixNano(), 10))
}

func proofOf(key []byte, texts ...string) string {
	m := hmac.New(sha256.New, key)
	for _, text := range texts {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(text))) //nolint:gosec // of a name
		_, _ = m.Write(n[:])
		_, _ = m.Write([]byte(text))
	}
	return tokenText.EncodeToString(m.Sum(nil)[:linkToken])
}

// Link gives the address of a task of a run that waits for somebody outside. Who knows it may answer, where the task
// allows that. Without Options.Address it is the path alone.
func (e *Engine) Link(ctx context.Context, run, task string) (string, error) {
	key, err := e.linkKey(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(e.Address, "/") + LinkPath + run + "/" + url.PathEscape(task) + "/" + tokenOf(key, run, task), nil
}

// Linked is what an address leads to.
type Linked struct {
	Run  history.Run
	Task *workflow.Task // which waits, has waited, or is to
	Item int            // flow.NoItem outside of a for_each
}

// Linked finds what an address leads to by its path, as it was sent. Every address that is not one is the same
// fault.Missing.
func (e *Engine) Linked(ctx context.Context, path string) (*Linked, error) {
	rest, _ := strings.CutPrefix(path, LinkPath)
	parts := strings.Split(rest, "/")
	if len(parts) < 3 || len(parts) > 4 {
		return nil, errNoLink()
	}
	task, err := url.PathUnescape(parts[1])
	if err != nil {
		return nil, errNoLink()
	}
	key, err := e.linkKey(ctx)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(parts[2]), []byte(tokenOf(key, parts[0], task))) != 1 {
		return nil, errNoLink()
	}
	l := &Linked{Item: flow.NoItem}
	if len(parts) == 4 {
		if l.Item, err = strconv.Atoi(parts[3]); err != nil || l.Item < 0 || strconv.Itoa(l.Item) != parts[3] {
			return nil, errNoLink()
		}
	}
	run, err := e.History.Get(ctx, parts[0])
	if err != nil {
		if fault.From(err).Code == fault.Missing { // it was removed
			err = errNoLink()
		}
		return nil, err
	}
	l.Run = *run
	wf, err := e.version(ctx, run.Workflow, run.Version)
	if err != nil {
		return nil, err
	}
	for _, t := range wf.Tasks {
		if t.Name == task && t.Waits() != "" && (t.ForEach != nil) == (l.Item != flow.NoItem) {
			l.Task = t
			return l, nil
		}
	}
	return nil, errNoLink()
}

func errNoLink() *fault.Error { return fault.New(fault.Missing, "There is nothing here.") }

// calledBy is the run that waits for this one; nil: none.
func (r *run) calledBy() *run {
	if r.parent == nil {
		return nil
	}
	return r.parent.run
}

// hideLinks has no result of the run show the addresses of its waits and of those of the runs that called it, also
// those that an earlier process handed out.
func (r *run) hideLinks(ctx context.Context) error {
	h := &r.hidden
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.links {
		return nil
	}
	waits := false
	for of := r; of != nil && !waits; of = of.calledBy() {
		waits = of.wf.HasWaits()
	}
	if h.links = !waits; !waits {
		return nil
	}
	key, err := r.engine.linkKey(ctx)
	if err != nil {
		return err
	}
	for of := r; of != nil; of = of.calledBy() {
		for _, t := range of.wf.Tasks {
			if t.Waits() != "" {
				h.redactor.Add(tokenOf(key, of.id, t.Name))
			}
		}
	}
	h.links = true
	return nil
}
