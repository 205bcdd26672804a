package project

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gantry/access"
	"gantry/crates"
	"gantry/fault"
	"gantry/source"
)

// Server is what gantry.yaml says about `gantry serve`. Paths are as written: relative ones lie in the project.
type Server struct {
	Listen         string // host:port; "" is DefaultListen
	URL            string // under which people and other systems reach it, without a slash at the end; "" where it listens
	TLS            TLS
	BehindProxy    bool           // a proxy ends TLS: plain HTTP may be served to other machines
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	OIDC           OIDC
	Log            Log
	Traces         Traces
	Metrics        Metrics
}

// DefaultListen is where the server listens unless it is told: this machine alone reaches it.
const DefaultListen = "127.0.0.1:8080"

// TLS names the files of the certificate, with its chain, and of its key, both in PEM. Empty: none.
type TLS struct{ Cert, Key string }

// OIDC is a provider at which people may sign in. Its ClientSecret is not set: Secret says where it lies.
type OIDC struct {
	access.OIDC
	Secret SecretRef
}

// Log says what is logged, and how.
type Log struct {
	Level  slog.Level
	Format string // text, json; "" is text on a terminal, else json
}

// Traces says where traces go; an empty Endpoint: nowhere, unless the environment says OTEL_EXPORTER_OTLP_ENDPOINT.
type Traces struct{ Endpoint string }

// Metrics says who may read /metrics from other machines: whoever has the token. Empty: nobody.
type Metrics struct{ Token SecretRef }

// Queue bounds what waits to be started; 0 is the default.
type Queue struct{ Limit, PerOrganisation int }

// Runs bounds what goes on side by side; 0 is the default.
type Runs struct{ SideBySide, OfOneOrganisation int }

// SecretRef says where a secret lies: settings never hold one.
type SecretRef struct{ Env, File string }

// Set tells whether it says anything.
func (s SecretRef) Set() bool { return s.Env != "" || s.File != "" }

// Read gives the secret. A file is looked for in dir, unless its path is absolute; an empty secret is an error.
func (s SecretRef) Read(dir string, getenv func(string) string) (string, error) {
	if s.Env != "" {
		if v := getenv(s.Env); v != "" {
			return v, nil
		}
		return "", fault.New(fault.Missing, "the environment variable %s, which gantry.yaml names for a secret, is empty", s.Env).WithHint("set it where gantry is started")
	}
	text, err := os.ReadFile(InFolder(dir, s.File))
	if err != nil {
		return "", fault.Wrap(err, fault.Missing, "the file %s, which gantry.yaml names for a secret, cannot be read: %s", s.File, crates.Reason(err)).
			WithHint("check its path and rights")
	}
	if v := strings.TrimSpace(string(text)); v != "" {
		return v, nil
	}
	return "", fault.New(fault.Missing, "the file %s, which gantry.yaml names for a secret, is empty", s.File)
}

// InFolder gives the path of a file that settings name: relative ones lie in dir.
func InFolder(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

func (s *Server) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "server", ds)
	defer f.Close()
	if n := f.TextNode("listen"); n != nil {
		s.Listen = n.Value.(string)
		if err := CheckListen(s.Listen); err != nil {
			ds.Errorf(n.Pos, "bad-value", "%s", fault.From(err).Message).Hint = fault.From(err).Hint
		}
	}
	if n := f.TextNode("url"); n != nil {
		s.URL = strings.TrimSuffix(readURL(n, "url", ds), "/")
	}
	s.TLS.read(f.Node("tls"), ds)
	s.BehindProxy = f.Bool("behind_proxy", false)
	for _, block := range f.TextNodes("trusted_proxies") {
		if p, ok := readNetwork(block.Value.(string), block.Pos, ds); ok {
			s.TrustedProxies = append(s.TrustedProxies, p)
		}
	}
	if s.BehindProxy && len(s.TrustedProxies) == 0 {
		ds.Warnf(n.Pos, "proxy", "behind_proxy without trusted_proxies: everybody seems to come from the proxy, so the failed sign-ins of one pause those of all").
			Hint = "name the proxy's address, such as trusted_proxies: [127.0.0.1], so that its X-Forwarded-For is believed"
	}
	s.OIDC.read(f.Node("oidc"), ds)
	s.Log.read(f.Node("log"), ds)
	traces := source.ReadFieldsOptional(f.Node("traces"), "traces", ds)
	if n := traces.TextNode("endpoint"); n != nil {
		s.Traces.Endpoint = readURL(n, "endpoint", ds)
	}
	traces.Close()
	metrics := source.ReadFieldsOptional(f.Node("metrics"), "metrics", ds)
	s.Metrics.Token = readSecretRef(metrics, "token", ds)
	metrics.Close()
}

// CheckListen refuses what is not host:port, such as 127.0.0.1:8080 or :8443.
func CheckListen(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fault.New(fault.Usage, "%q is not an address to listen on", address).WithHint("write address and port, such as 127.0.0.1:8080, or :8443 for all addresses")
	}
	return nil
}

func readURL(n *source.Node, name string, ds *source.Diagnostics) string {
	text := n.Value.(string)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		ds.Errorf(n.Pos, "bad-value", "%s is not an address of the web: %q", name, text).Hint = "write it whole, such as https://gantry.example.com"
		return ""
	}
	return text
}

func (t *TLS) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "tls", ds)
	defer f.Close()
	t.Cert, t.Key = f.Text("cert"), f.Text("key")
	if (t.Cert == "") != (t.Key == "") && f.Ok() {
		ds.Errorf(n.Pos, "missing-key", "tls needs both cert and key").Hint = "name the file of the certificate and that of its key, both in PEM"
	}
}

// readSecretRef reads NAME_env and NAME_file, of which one may be given, and refuses NAME itself.
func readSecretRef(f *source.Fields, name string, ds *source.Diagnostics) (s SecretRef) {
	if n := f.Node(name); n != nil {
		ds.Errorf(n.Pos, "secret-in-file", "a secret does not belong into %s", SettingsFile).Hint =
			"keep it in an environment variable or a file, and name that: " + name + "_env or " + name + "_file"
	}
	s.Env, s.File = f.Text(name+"_env"), f.Text(name+"_file")
	if s.Env != "" && s.File != "" {
		ds.Errorf(f.Node(name+"_file").Pos, "bad-value", "both %s_env and %s_file are given", name, name).Hint = "name one of them"
	}
	return s
}

// LogLevels are the words for levels, and LogFormats those for formats.
var (
	LogLevels  = []string{"debug", "info", "warn", "error"}
	LogFormats = []string{"text", "json"}
)

func (l *Log) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "log", ds)
	defer f.Close()
	if word := readWord(f, "level", LogLevels, ds); word != "" {
		_ = l.Level.UnmarshalText([]byte(word)) // it is one of the words
	}
	l.Format = readWord(f, "format", LogFormats, ds)
}

func readWord(f *source.Fields, key string, words []string, ds *source.Diagnostics) string {
	n := f.TextNode(key)
	if n == nil {
		return ""
	}
	word := n.Value.(string)
	if !slices.Contains(words, word) {
		ds.Errorf(n.Pos, "bad-value", "%s is one of %s, not %q", key, strings.Join(words, ", "), word).Hint = source.DidYouMean(word, words)
		return ""
	}
	return word
}

func (q *Queue) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "queue", ds)
	defer f.Close()
	q.Limit, q.PerOrganisation = readCount(f, "limit", ds), readCount(f, "per_organisation", ds)
}

func (r *Runs) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "runs", ds)
	defer f.Close()
	r.SideBySide, r.OfOneOrganisation = readCount(f, "side_by_side", ds), readCount(f, "of_one_organisation", ds)
}

func readCount(f *source.Fields, key string, ds *source.Diagnostics) int {
	return readCountUpTo(f, key, 10_000_000, ds)
}

func readCountUpTo(f *source.Fields, key string, most int64, ds *source.Diagnostics) int {
	v, n := f.Int(key, 0)
	if n != nil && (v < 1 || v > most) {
		ds.Errorf(n.Pos, "bad-value", "%s must be from 1 to %d", key, most)
		return 0
	}
	return int(v)
}
