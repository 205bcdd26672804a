package halo

import (
	"errors"
	"net/http"
	"strings"
)

// Delivery is one attempt to deliver a webhook, as /_sandbox/webhooks shows it.
type Delivery struct {
	ID             string  `json:"id"`
	Webhook        string  `json:"webhook_id"`
	Event          string  `json:"event"`
	Ticket         int64   `json:"ticket_id,omitempty"`
	Together       int64   `json:"events"` // how many events travelled in it
	Time           string  `json:"time"`
	Duration       float64 `json:"duration"` // seconds
	Method         string  `json:"method"`
	URL            string  `json:"url"`
	RequestHeaders string  `json:"request_headers,omitempty"`
	RequestBody    string  `json:"request_body,omitempty"`
	Status         int64   `json:"status"` // zero without an answer
	Failed         bool    `json:"failed"`
	Answer         string  `json:"answer,omitempty"` // or why there was none
}

// Deliveries gives the attempts to deliver webhooks, the last first, secrets redacted.
func (s *Server) Deliveries() []Delivery {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := []Delivery{}
	rows := s.data.table("WebhookEvent").rows
	for i := len(rows) - 1; i >= 0; i-- {
		list = append(list, shownDelivery(rows[i]))
	}
	return list
}

func shownDelivery(r record) Delivery {
	return Delivery{
		ID: r.text("id"), Webhook: r.text("webhook_id"), Event: r.text("~event"), Ticket: r.int("entity_id"), Together: max(r.int("~together"), 1),
		Time: r.text("timestamp"), Duration: r.num("duration"), Method: r.text("~method"), URL: r.text("~url"),
		RequestHeaders: r.text("requestheaders"), RequestBody: r.text("requestbody"), Status: r.int("responsestatus"),
		Failed: r.bool("error"), Answer: r.text("responsebody"),
	}
}

func (s *Server) listDeliveries(*http.Request) answer {
	s.mu.RLock()
	waiting := s.hooks.count()
	s.mu.RUnlock()
	return plainJSON(http.StatusOK, struct {
		Waiting    int        `json:"waiting"`
		Deliveries []Delivery `json:"deliveries"`
	}{waiting, s.Deliveries()})
}

func (s *Server) forgetDeliveries() {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.data.table("WebhookEvent")
	t.rows = nil
	clear(t.byKey)
}

func (s *Server) settleWebhooks(r *http.Request) answer {
	if err := s.Settle(r.Context()); err != nil {
		return empty(http.StatusServiceUnavailable)
	}
	return s.listDeliveries(r)
}

func (s *Server) resendWebhook(r *http.Request) answer {
	var which struct {
		ID string `json:"id"`
	}
	if refusal := readOne(r, &which); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	logged := s.data.table("WebhookEvent").byKey[strings.ToLower(which.ID)]
	if logged == nil || s.data.table("Webhook").byKey[logged.text("webhook_id")] == nil {
		return empty(http.StatusNotFound)
	}
	s.data.resend(logged)
	s.hooks.add(s.data.takeDue())
	return plainJSON(http.StatusAccepted, map[string]int{"queued": 1})
}

// firing asks for an event as if it had happened.
type firing struct {
	Event   string `json:"event"`              // its phrase; or
	EventNo int64  `json:"eventno,omitempty"`  // its number
	Ticket  int64  `json:"ticket_id"`          //
	Action  int64  `json:"action_id"`          // one of the ticket's actions, to go along
	Agent   int64  `json:"agent_id,omitempty"` // who did it; the API agent when zero
	Webhook string `json:"webhook_id"`         // that alone, whatever it waits for; every one that waits for the event when empty
}

func listEvents(*http.Request) answer {
	type known struct {
		Number int64  `json:"eventno"`
		Phrase string `json:"event"`
	}
	list := []known{}
	for _, e := range events {
		list = append(list, known{e.number, e.phrase})
	}
	return plainJSON(http.StatusOK, list)
}

func (s *Server) fire(r *http.Request) answer {
	var f firing
	if refusal := readOne(r, &f); refusal != nil {
		return *refusal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.data.happeningOf(f)
	if err != nil {
		return wrongControl(err)
	}
	queued := 1
	if f.Webhook == "" {
		queued = s.data.tell(h)
	} else if hook := s.data.table("Webhook").byKey[strings.ToLower(f.Webhook)]; hook != nil {
		s.data.tellOne(hook, nil, h)
	} else {
		return wrongControl(errors.New("there is no webhook " + clip(f.Webhook)))
	}
	s.hooks.add(s.data.takeDue())
	return plainJSON(http.StatusAccepted, map[string]int{"queued": queued})
}

func (st *state) happeningOf(f firing) (happening, error) {
	e, known := eventNumbered(f.EventNo)
	if f.Event != "" {
		e, known = eventNamed(f.Event)
	}
	if !known {
		return happening{}, errors.New("event or eventno must be one of those that GET /_sandbox/deliver lists")
	}
	h := happening{event: e, ticket: st.find("Tickets", f.Ticket), agent: f.Agent}
	if h.ticket == nil {
		return happening{}, errors.New("ticket_id is not the number of a ticket")
	}
	if f.Action > 0 {
		if h.action = st.table("Actions").byKey[textOf(f.Ticket)+"/"+textOf(f.Action)]; h.action == nil {
			return happening{}, errors.New("the ticket has no action with the number action_id")
		}
	}
	if h.agent == 0 {
		h.agent = apiAgentID
	}
	return h, nil
}

// Fire queues the webhooks that wait for an event of a ticket, as if it had happened, and tells how many.
func (s *Server) Fire(event string, ticket int64) (queued int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := s.data.happeningOf(firing{Event: event, Ticket: ticket})
	if err != nil {
		return 0, err
	}
	queued = s.data.tell(h)
	s.hooks.add(s.data.takeDue())
	return queued, nil
}
