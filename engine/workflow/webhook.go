package workflow

import (
	"time"

	"gantry/expr"
	"gantry/schema"
	"gantry/signature"
)

// Webhook is what a webhook trigger does with requests: its settings, checked. The zero value takes none.
type Webhook struct {
	Methods []string
	Verify  Verification
	MaxBody int64 // bytes
	Dedupe  Dedupe
	Wait    time.Duration // zero: the answer does not wait for the run
	// Split makes an event of each entry of a body that is a list.
	Split    bool
	RawBody  bool         // the event has raw, the text as it came
	BodyType *schema.Type // what numbers of the body are; nil: any
	Response WebhookResponse
	CORS     *CORS // nil: browsers of other sites may not call it
}

// Verification is how senders prove who they are. The zero value accepts nobody.
type Verification struct {
	None   bool              // verify: none was written out
	Scheme *signature.Scheme // nil with None
	User   string            // of Basic
	Secret string            // the name of the organisation's variable
}

// Dedupe says what tells deliveries apart. By is header, body, field (of the body, or of each entry of a
// split one) or, where nothing does, off. What has no such header or field goes by the body.
type Dedupe struct {
	By, Name string
	Within   time.Duration // how long a delivery is remembered
}

// WebhookResponse is what is answered. Templates are nil where nothing is said. They see body, headers,
// query, method, content_type, org, event {id}, run {id} and, with wait, outputs, status and error.
type WebhookResponse struct {
	Status  *expr.Template
	Headers map[string]*expr.Template // by canonical name
	Body    *expr.Template
	// NeedsRun: it reads run, so that the answer waits until the event is decided.
	NeedsRun bool
}

// Custom tells whether anything is said of the answer.
func (r WebhookResponse) Custom() bool {
	return r.Status != nil || r.Headers != nil || r.Body != nil
}

// Each visits the templates.
func (r WebhookResponse) Each(visit func(*expr.Template)) {
	for _, t := range r.Headers {
		visit(t)
	}
	visit(r.Status)
	visit(r.Body)
}

// CORS says which browser pages of other sites may call the webhook.
type CORS struct {
	Origins []string // scheme://host[:port], or * for all
	Headers []string
	Methods []string
	MaxAge  time.Duration
}
