package server

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"gantry/engine"
	"gantry/engine/history"
)

// EndpointVariable names where traces go, as OpenTelemetry has it.
const EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"

// tracer makes spans of runs: run, task, HTTP request, each with its true times. Spans hold names and numbers,
// never values: those are the customers'. The caller calls its methods one at a time.
type tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	runs     map[string]*traced
}

// traced is a run that has not ended.
type traced struct {
	ctx   context.Context //nolint:containedctx // holds the run's span, as OpenTelemetry passes it
	span  trace.Span
	tasks map[int]*tracedTask
	left  int // spans that may still be made
}

type tracedTask struct {
	name  string
	ctx   context.Context //nolint:containedctx // holds the task's span
	span  trace.Span
	ended bool
}

// maxSpans bounds the spans of one run: a for_each of 10,000 requests says little in a trace.
const maxSpans = 2000

// openTracer sends traces to an OTLP endpoint (HTTP); nil where there is none. What the environment says beside,
// OTEL_EXPORTER_OTLP_HEADERS and so on, counts too.
func openTracer(ctx context.Context, endpoint, version string, getenv func(string) string, log *slog.Logger) (*tracer, error) {
	var options []otlptracehttp.Option
	switch {
	case getenv(EndpointVariable) != "": // the library reads it
	case endpoint != "":
		u, err := url.JoinPath(endpoint, "v1", "traces")
		if err != nil {
			return nil, err
		}
		options = append(options, otlptracehttp.WithEndpointURL(u))
	default:
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(&rareErrors{log: log, now: time.Now})
	return newTracer(sdktrace.NewBatchSpanProcessor(exporter), version), nil
}

func newTracer(processor sdktrace.SpanProcessor, version string) *tracer {
	about := resource.NewSchemaless(attribute.String("service.name", "gantry"), attribute.String("service.version", version))
	p := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(processor), sdktrace.WithResource(about), sdktrace.WithIDGenerator(runIDs{}))
	return &tracer{provider: p, tracer: p.Tracer("gantry"), runs: map[string]*traced{}}
}

// close sends what is left, for as long as ctx lasts. Runs that go on are ended as they stand.
func (t *tracer) close(ctx context.Context) error {
	for _, run := range t.runs {
		run.span.End()
	}
	clear(t.runs)
	return t.provider.Shutdown(ctx)
}

// update makes spans of what an update tells.
func (t *tracer) update(u engine.Update) {
	run := t.run(u)
	for _, s := range u.Changed {
		t.step(run, s)
	}
	for _, r := range u.Requests {
		t.request(run, r)
	}
	t.endTasks(run, u) // only now: requests come with the update that ends their task
	if u.Status.Ended() {
		if u.Error != nil {
			run.span.SetStatus(codes.Error, string(u.Error.Code))
		}
		run.span.SetAttributes(attribute.String("gantry.status", string(u.Status)))
		run.span.End(trace.WithTimestamp(u.Finished))
		delete(t.runs, u.Run)
	}
}

func (t *tracer) run(u engine.Update) *traced {
	if run, known := t.runs[u.Run]; known {
		return run
	}
	ctx := context.WithValue(context.Background(), runKey{}, u.Run)
	if caller := t.runs[u.Parent]; caller != nil {
		ctx = caller.ctx
		for _, task := range caller.tasks { // the newest of that name calls
			if !task.ended && task.name == u.Task {
				ctx = task.ctx
			}
		}
	}
	run := &traced{tasks: map[int]*tracedTask{}, left: maxSpans}
	run.ctx, run.span = t.tracer.Start(ctx, "run "+u.Workflow, trace.WithTimestamp(u.Started), trace.WithAttributes(
		attribute.String("gantry.run", u.Run), attribute.String("gantry.workflow", u.Workflow), attribute.String("gantry.trigger", u.TriggerType)))
	t.runs[u.Run] = run
	return run
}

func (t *tracer) step(run *traced, s engine.Step) {
	if s.Started.IsZero() || run.tasks[s.ID] != nil || !run.room() {
		return
	}
	task := &tracedTask{name: s.Name}
	task.ctx, task.span = t.tracer.Start(run.ctx, "task "+s.Name, trace.WithTimestamp(s.Started), trace.WithAttributes(
		attribute.String("gantry.task", s.Name), attribute.String("gantry.action", s.Action), attribute.Int("gantry.instance", s.Instance)))
	run.tasks[s.ID] = task
}

// endTasks ends the tasks that an update says are over.
func (t *tracer) endTasks(run *traced, u engine.Update) {
	for _, s := range u.Changed {
		task := run.tasks[s.ID]
		if task == nil || task.ended || s.Finished.IsZero() {
			continue
		}
		task.ended = true
		if s.Error != nil {
			task.span.SetStatus(codes.Error, string(s.Error.Code))
		}
		task.span.SetAttributes(attribute.String("gantry.status", string(s.Status)), attribute.Int("gantry.attempts", s.Attempts))
		task.span.End(trace.WithTimestamp(s.Finished))
	}
}

// request makes the span of a request that is over. Of its address only the host is shown.
func (t *tracer) request(run *traced, r history.RequestOf) {
	task := run.tasks[r.Unit.Exec]
	if task == nil || r.At.IsZero() || !run.room() {
		return
	}
	attributes := []attribute.KeyValue{attribute.String("http.request.method", r.Method), attribute.Int("gantry.attempt", r.Attempt)}
	if u, err := url.Parse(r.URL); err == nil {
		attributes = append(attributes, attribute.String("server.address", u.Hostname()))
	}
	if r.Status != 0 {
		attributes = append(attributes, attribute.Int("http.response.status_code", r.Status))
	}
	_, span := t.tracer.Start(task.ctx, r.Method, trace.WithTimestamp(r.At), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	if r.Status == 0 || r.Status >= 400 {
		span.SetStatus(codes.Error, resultOf(r.Status))
	}
	span.End(trace.WithTimestamp(r.At.Add(time.Duration(r.Micros) * time.Microsecond)))
}

func (r *traced) room() bool {
	r.left--
	return r.left >= 0
}

type runKey struct{}

// runIDs makes a trace's id of its run's, so that either finds the other.
type runIDs struct{}

// NewIDs implements sdktrace.IDGenerator.
func (g runIDs) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	run, _ := ctx.Value(runKey{}).(string)
	id, err := uuid.Parse(run)
	if err != nil {
		id = uuid.New()
	}
	return trace.TraceID(id), g.NewSpanID(ctx, trace.TraceID(id))
}

// NewSpanID implements sdktrace.IDGenerator.
func (runIDs) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	random := uuid.New()
	copy(id[:], random[8:]) // the half without the version
	return id
}

// rareErrors logs what keeps traces from being sent, at most once a minute: whoever takes them may be away for days.
type rareErrors struct {
	log  *slog.Logger
	now  func() time.Time
	mu   sync.Mutex
	last time.Time
}

// Handle implements otel.ErrorHandler.
func (r *rareErrors) Handle(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.last) >= time.Minute {
		r.last = now
		r.log.Warn("traces could not be sent", "error", err)
	}
}
