package actions

import (
	"context"
	"net/url"
	"reflect"
	"strconv"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
)

// maxPages stops a list that never ends.
const maxPages = 10_000

// reader goes through the pages of a list.
type reader struct {
	*attempt
	p     *paginate
	base  *url.URL
	size  int64
	limit int64 // zero: all
	items []any
	bytes int64
	count int64           // entries read, those that came twice as well
	first any             // the first item of the last page
	known map[any]any     // entries by id
	steps map[string]bool // cursors and addresses followed
}

// readPages reads all pages, or as many as the limit wants, one after the other and within a bound of memory.
func (a *attempt) readPages(ctx context.Context, s *session, send wire.Sender, req *wire.Request) Outcome {
	p := a.call.Action.operation().paginate
	r := &reader{attempt: a, p: p, base: req.URL, size: p.PageSize, items: []any{}, known: map[any]any{}, steps: map[string]bool{}}
	if limit, ok := a.inputs[p.limit].(int64); ok && limit > 0 {
		r.limit = limit
		r.size = min(r.size, limit)
	}
	if f := r.prepare(req); f != nil {
		return Outcome{Err: f}
	}
	for page := 0; page < maxPages; page++ {
		if err := r.check(ctx); err != nil {
			return a.failed(err)
		}
		answer, scope, failed := a.exchange(ctx, send, req)
		if failed != nil {
			return *failed
		}
		next, f := r.take(req, answer, scope)
		if f != nil {
			return Outcome{Err: f}
		}
		if next == nil {
			return Outcome{Result: r.items}
		}
		req = next
	}
	return Outcome{Err: fault.New(fault.TooLarge, "the list has more than %d pages", maxPages).WithHint("filter it, or set limit")}
}

func (r *reader) check(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return waitingEnded(ctx)
}

// prepare adds what the first page needs to the query.
func (r *reader) prepare(req *wire.Request) *fault.Error {
	q := req.URL.Query()
	if r.p.query != nil {
		v := values{scope: expr.Vars{"inputs": fill(r.call.Action.Inputs, r.inputs)}, at: r.now(), open: r.open}
		for name, value := range v.dict(r.p.query) {
			if text, ok := queryText(value); ok {
				q.Set(name, text)
			}
		}
		if v.err != nil {
			return fault.From(v.err)
		}
	}
	if r.p.Size != "" {
		q.Set(r.p.Size, strconv.FormatInt(r.size, 10))
	}
	if r.p.Style == pageByNumber || r.p.Style == pageByOffset {
		q.Set(r.p.Param, strconv.FormatInt(r.p.First, 10))
	}
	req.URL.RawQuery = q.Encode()
	return nil
}

// take keeps a page's items and gives the request for the next page, nil when that was the last.
func (r *reader) take(req *wire.Request, answer *wire.Answer, scope expr.Vars) (*wire.Request, *fault.Error) {
	got, f := r.call.Action.operation().extract.take(scope, r.now(), r.call.Action.Result)
	if f != nil {
		return nil, f.WithDetail(map[string]any{"status": int64(answer.Status), "body": excerpt(string(answer.Body), maxExcerpt)})
	}
	page, _ := got.([]any)
	if len(page) > 0 && len(r.items) > 0 && r.p.Style == pageByNumber && reflect.DeepEqual(page[0], r.first) {
		return nil, nil // the other side does not page: it gave the same once more
	}
	if r.bytes += int64(len(answer.Body)); r.bytes > r.maxResult {
		return nil, fault.New(fault.TooLarge, "the list is larger than %d MiB", r.maxResult>>20).
			WithHint("filter it, or set limit; %d entries were read so far", len(r.items))
	}
	r.count += int64(len(page))
	r.items = append(r.items, r.fresh(page)...)
	if r.limit > 0 && int64(len(r.items)) >= r.limit {
		r.items = r.items[:r.limit]
		return nil, nil
	}
	if len(page) > 0 {
		r.first = page[0]
	}
	return r.next(req, len(page), scope)
}

// fresh leaves out entries that an earlier page had: what is added to a list while it is read moves others on to the
// next page. The same is what has the same id and is equal in all else.
func (r *reader) fresh(page []any) []any {
	fresh := make([]any, 0, len(page))
	for _, item := range page {
		if before, came := r.known[idOf(item)]; !came || !reflect.DeepEqual(before, item) {
			fresh = append(fresh, item)
		}
	}
	for _, item := range fresh {
		if id := idOf(item); id != nil {
			r.known[id] = item
		}
	}
	return fresh
}

// idOf is an entry's id where that is text or a number; else nil.
func idOf(item any) any {
	m, _ := item.(map[string]any)
	switch id := m["id"].(type) {
	case int64, string, float64:
		return id
	}
	return nil
}

func (r *reader) next(req *wire.Request, got int, scope expr.Vars) (*wire.Request, *fault.Error) {
	if r.p.Style == pageByCursor || r.p.Style == pageByLink {
		return r.follow(req, scope)
	}
	if got == 0 {
		return nil, nil
	}
	if total, known := r.total(scope); known && r.count >= total || !known && int64(got) < r.size {
		return nil, nil
	}
	c := req.Clone()
	q := c.URL.Query()
	at, _ := strconv.ParseInt(q.Get(r.p.Param), 10, 64)
	step := int64(1)
	if r.p.Style == pageByOffset {
		step = int64(got)
	}
	q.Set(r.p.Param, strconv.FormatInt(at+step, 10))
	c.URL.RawQuery = q.Encode()
	return c, nil
}

// total is how many entries there are, where the answer tells.
func (r *reader) total(scope expr.Vars) (int64, bool) {
	if r.p.total == nil {
		return 0, false
	}
	v, err := r.p.total.Eval(scope, r.now())
	n, ok := v.(int64)
	return n, err == nil && ok && n >= 0
}

// follow takes the cursor or the address that the answer gives for the next part. An address leads nowhere
// but to the same server, because the sign-in goes along.
func (r *reader) follow(req *wire.Request, scope expr.Vars) (*wire.Request, *fault.Error) {
	v, err := r.p.next.Eval(scope, r.now())
	if err != nil {
		return nil, fault.Wrap(err, fault.InvalidResult, "the next page cannot be found: %s", fault.From(err).Message)
	}
	text, _ := queryText(v)
	if text == "" {
		return nil, nil
	}
	if r.steps[text] {
		return nil, fault.New(fault.InvalidResult, "the list goes in a circle: the same next page came twice")
	}
	r.steps[text] = true
	c := req.Clone()
	if r.p.Style == pageByCursor {
		q := c.URL.Query()
		q.Set(r.p.Param, text)
		c.URL.RawQuery = q.Encode()
		return c, nil
	}
	to, err := req.URL.Parse(text)
	if err != nil || to.Scheme != r.base.Scheme || to.Host != r.base.Host || to.String() == req.URL.String() {
		return nil, fault.New(fault.InvalidResult, "the address of the next page leads away from %s", r.base.Host)
	}
	c.URL = to
	return c, nil
}
