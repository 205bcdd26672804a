// Package halo simulates the HaloPSA REST API: over HTTP, in memory, with the data of an invented MSP, true
// enough that any Halo client works against it. What it does not know is a 404, never a pretence.
package halo

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Server is one simulated Halo. It is an http.Handler and safe for concurrent use.
type Server struct {
	options   Options
	directory *directory
	outgoing  *http.Client // for webhooks
	hooks     *dispatcher  // guarded by mu
	tokens    *tokenStore
	limiter   *rateLimiter
	faults    *faultList
	log       *requestLog
	routes    http.Handler // of the simulator's own controls

	mu   sync.RWMutex // guards data
	data *state

	life    context.Context // ends with Close, and with it every hanging answer
	end     context.CancelFunc
	http    *http.Server
	serving sync.WaitGroup
	baseMu  sync.Mutex
	base    string
}

// Credentials is what a client needs to log in. BaseURL is scheme://host:port; /auth and /api lie below it.
type Credentials struct {
	BaseURL      string `json:"base_url"`
	Tenant       string `json:"tenant"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// ClientRef is a client of the simulated Halo.
type ClientRef struct {
	ID   int64
	Name string
}

// New makes a simulated Halo with its seeded data. Nothing listens until Start.
func New(options Options) *Server {
	options = options.complete()
	return newServer(options, seeded(options.Now, options.Seed))
}

func newServer(options Options, data *state) *Server {
	s := &Server{options: options, data: data, tokens: newTokenStore(), log: newRequestLog(), directory: newDirectory(options)}
	data.settings = options.settings()
	s.limiter = newRateLimiter(s.options.RateLimit, s.options.RateWindow)
	s.faults = newFaultList(s.options.Faults)
	s.routes = s.controls()
	s.life, s.end = context.WithCancel(context.Background())
	s.outgoing = destinations(options.WebhookNetworks).client()
	s.hooks = s.newHooks()
	return s
}

// Reset puts the seeded data back and forgets tokens, faults, the request log and the rate limit's count.
func (s *Server) Reset() {
	fresh := seeded(s.options.Now, s.options.Seed)
	fresh.settings = s.options.settings()
	s.mu.Lock()
	s.data = fresh
	told := s.hooks
	s.hooks = s.newHooks()
	s.mu.Unlock()
	told.close()
	s.tokens.revoke()
	s.directory.reset(s.options)
	s.limiter.reset()
	s.limiter.configure(s.options.RateLimit, s.options.RateWindow)
	s.faults.replace(s.options.Faults)
	s.log.reset()
}

// RevokeTokens makes every token that was given out invalid.
func (s *Server) RevokeTokens() { s.tokens.revoke() }

// Start listens on an address such as 127.0.0.1:0 and serves until Close.
func (s *Server) Start(addr string) (baseURL string, err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	s.baseMu.Lock()
	defer s.baseMu.Unlock()
	if s.http != nil {
		_ = listener.Close()
		return "", errors.New("the simulator is already listening on " + s.base)
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.base = "http://" + reachable(listener.Addr().String())
	server := s.http
	s.serving.Go(func() { _ = server.Serve(listener) }) // ends with Close
	return s.base, nil
}

// reachable gives the address at which this machine reaches a listener: one for all of the machine's
// addresses (0.0.0.0, [::]) listens on this one, too.
func reachable(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsUnspecified() {
		return address
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
}

// Close ends hanging answers, cuts off webhooks that are under way and stops listening. Requests that are being
// answered are given a moment. Afterwards nothing of the simulator runs any more.
func (s *Server) Close() error {
	s.end()
	defer s.quieten()
	s.baseMu.Lock()
	server := s.http
	s.baseMu.Unlock()
	if server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		return server.Close()
	}
	return nil
}

// quieten waits for what works beside the answers.
func (s *Server) quieten() {
	s.mu.RLock()
	hooks := s.hooks
	s.mu.RUnlock()
	hooks.close()
	s.outgoing.CloseIdleConnections()
	s.serving.Wait()
}

// Credentials gives the ready-made application. BaseURL is empty before Start.
func (s *Server) Credentials() Credentials {
	s.baseMu.Lock()
	defer s.baseMu.Unlock()
	return Credentials{BaseURL: s.base, Tenant: s.options.Tenant, ClientID: s.options.ClientID, ClientSecret: s.options.ClientSecret}
}

// Clients lists the clients of the simulated Halo, by id.
func (s *Server) Clients() []ClientRef {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []ClientRef
	for _, r := range s.data.table("Client").rows {
		list = append(list, ClientRef{r.int("id"), r.text("name")})
	}
	return list
}

// readBounded reads a body of at most so many bytes.
func readBounded(body io.Reader, limit int64) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	text, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = errTooLarge
	}
	return text, err
}

var errTooLarge = errors.New("the body is too large")
