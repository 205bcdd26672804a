package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gantry/fault"
	"gantry/store"
)

// metrics are what Prometheus reads. No label names an organisation, a run or an address.
type metrics struct {
	registry *prometheus.Registry
	names    names

	runsBegun    *prometheus.CounterVec // trigger
	runsEnded    *prometheus.CounterVec // workflow, status
	runSeconds   *prometheus.HistogramVec
	tasksEnded   *prometheus.CounterVec // action, status
	taskSeconds  *prometheus.HistogramVec
	requests     *prometheus.CounterVec // integration, action, result
	requestTimes *prometheus.HistogramVec
	waited       *prometheus.CounterVec // integration
	events       *prometheus.CounterVec // type, status
	lateness     prometheus.Histogram
	answers      *prometheus.CounterVec // of webhooks: code
	apiAnswers   *prometheus.CounterVec // code
}

// seconds are the bounds of durations: from an instant action to a run of a working day.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 28800}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), names: names{most: maxNames, seen: map[string]bool{}}}
	m.runsBegun = m.counter("runs_begun_total", "Runs that this process began, or took up again, by the type of their trigger.", "trigger")
	m.runsEnded = m.counter("runs_ended_total", "Runs that ended.", "workflow", "status")
	m.runSeconds = m.histogram("run_duration_seconds", "From a run's begin to its end, waiting included.", "status")
	m.tasksEnded = m.counter("tasks_ended_total", "Executions of tasks that ended, by their action or `workflow`.", "action", "status")
	m.taskSeconds = m.histogram("task_duration_seconds", "From a task's start to its end, with all attempts.", "action")
	m.requests = m.counter("requests_total", "HTTP requests to other systems: result is ok, refused (4xx), throttled (429), failed (5xx) or no_answer.", "integration", "action", "result")
	m.requestTimes = m.histogram("request_duration_seconds", "HTTP requests to other systems, without the wait for a rate limit.", "integration")
	m.waited = m.counter("rate_limit_wait_seconds_total", "Time for which requests were held back to keep to a rate limit.", "integration")
	m.events = m.counter("events_total", "Events of triggers that were decided.", "type", "status")
	m.lateness = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "gantry", Name: "schedule_lateness_seconds", Help: "From when a schedule or interval was due to the begin of its run.", Buckets: seconds})
	m.registry.MustRegister(m.lateness)
	m.answers = m.counter("webhook_answers_total", "Answers to requests at addresses of webhooks, by status.", "code")
	m.apiAnswers = m.counter("api_answers_total", "Answers of the API, by status.", "code")
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "gantry", Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *metrics) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "gantry", Name: name, Help: help, Buckets: seconds}, labels)
	m.registry.MustRegister(h)
	return h
}

// gauge adds a value that is asked for when somebody reads the metrics.
func (m *metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "gantry", Name: name, Help: help}, value))
}

func (m *metrics) count(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "gantry", Name: name, Help: help}, value))
}

// watchStore adds what is known of the database.
func (m *metrics) watchStore(s *store.Store) {
	m.gauge("database_bytes", "Size of the database's file.", func() float64 { return fileSize(filepath.Join(s.Dir(), store.DatabaseFile)) })
	m.gauge("database_log_bytes", "Size of the write-ahead log's file.", func() float64 { return fileSize(filepath.Join(s.Dir(), store.DatabaseFile+"-wal")) })
	m.gauge("database_free_bytes", "Room in the database's file that is free, and given back to the disk by and by.", func() float64 {
		sizes, err := s.Sizes(context.Background()) // two short looks at the file's head
		if err != nil {
			return 0
		}
		return float64(sizes.Free)
	})
	m.count("database_commits_total", "Transactions that were committed.", func() float64 { return float64(s.Stats().Transactions) })
	m.count("database_writes_total", "Writes, of which several share a transaction.", func() float64 { return float64(s.Stats().Writes) })
	m.count("database_failures_total", "Transactions that could not be committed.", func() float64 { return float64(s.Stats().Failed) })
}

func fileSize(path string) float64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return float64(info.Size())
}

// maxNames bounds the values of labels that come from the project; the rest are called "other".
const maxNames = 1000

// names bounds how many different words become labels.
type names struct {
	most int
	mu   sync.Mutex
	seen map[string]bool
}

func (n *names) label(kind, name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := kind + "\x00" + name
	if !n.seen[key] {
		if len(n.seen) >= n.most {
			return "other"
		}
		n.seen[key] = true
	}
	return name
}

// handler answers who may read the metrics: programs on this machine, and those with the token. token is "" where
// there is none.
func (m *metrics) handler(token string, behindProxy bool) http.Handler {
	serve := m.open()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !fromThisMachine(r, behindProxy) && !bears(r, token) {
			refuse(w, http.StatusForbidden, fault.New(fault.Forbidden, "the metrics are for this machine, and for those who have the token").
				WithHint("server: {metrics: {token_env: …}} in gantry.yaml sets one; it is sent as Authorization: Bearer …"))
			return
		}
		serve.ServeHTTP(w, r)
	})
}

// open answers everybody: whoever may open the unix socket may read the metrics.
func (m *metrics) open() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// counting counts answers by their status.
func counting(answers *prometheus.CounterVec, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		aw := &counted{ResponseWriter: w}
		defer func() { answers.WithLabelValues(strconv.Itoa(aw.code())).Inc() }()
		next.ServeHTTP(aw, r)
	})
}

// bears compares without telling by its time how much was right.
func bears(r *http.Request, token string) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return false
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
