// Package workflow is the workflow language: its parser, its checker and the checked workflow that
// the state machine runs. Nothing here executes anything.
package workflow

import (
	"time"

	"gantry/actions"
	"gantry/expr"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

// Workflow is a checked workflow: every expression is compiled, every name is known. It is immutable.
type Workflow struct {
	ID      string // path below workflows/ without .yaml, or <crate>/<path>
	File    string
	Text    []byte // the source as read; Version is its content address
	Version string // hex SHA-256 of Text, 12 characters

	// Catalogue is what it was checked against; its runs see values of these types.
	Catalogue *actions.Catalogue

	Title, Description string
	Tags               []string
	TimeSaved          time.Duration

	Timeout                time.Duration // of the whole run
	TimeoutExcludesWaiting bool
	MaxTasks               int          // task executions before the run is stopped
	Concurrency            *Concurrency // nil: as many runs side by side as come

	Inputs     []schema.Field
	InputsType *schema.Type   // closed object of Inputs
	Vars       *expr.Template // nil: none; a map, evaluated once at the start over inputs, org, run, trigger
	Triggers   []*Trigger
	Tasks      []*Task // in file order
	Start      []*Task // those without inbound transitions, in file order
	Outputs    []Named // in file order; each sees inputs, vars, ctx, tasks, org, run, trigger
	OutputType *schema.Type
	OnFailure  *Call
}

// Concurrency bounds the runs of a workflow that go side by side: those of each organisation, or with a Key
// those for which it gives the same value, whatever their organisation.
type Concurrency struct {
	Key      *expr.Template // text, a whole number or true or false, over inputs, org and trigger; nil: none
	Most     int            // at least 1
	WhenFull string         // "queue", "skip" or "cancel_running"
}

// Named is one name with the value to evaluate for it.
type Named struct {
	Name  string
	Value *expr.Template
	Pos   source.Pos
}

// Call is the use of another workflow outside a task.
type Call struct {
	Workflow string
	With     *expr.Template // nil: none
	Pos      source.Pos
	// PassFailedRun: the handler declares the input failed_run, and With does not give it.
	PassFailedRun bool
}

// Task is one step.
type Task struct {
	Index int // position in the file, from 0; decides merges
	Name  string
	Title string
	Pos   source.Pos

	Action      *actions.Action // nil for a sub-workflow
	SubWorkflow string          // id, "" for an action
	SubInputs   *schema.Type    // the sub-workflow's inputs

	With        *expr.Template // nil: none; a map
	Integration *orgs.Override
	// ReadsMapping: With holds org.integrations.<the action's integration>.
	ReadsMapping bool
	Org          *expr.Template // slug or id of a descendant to run as; nil: the run's own
	Mock         *expr.Template // nil: none
	Redact       []string       // dotted paths that are masked where stored or shown; each begins with "with." or "result."

	// Receives is how a wait for a webhook takes requests; nil for every other task.
	Receives *Webhook

	Join    Join
	Inbound []*Transition // all transitions that name this task, file order
	ForEach *ForEach
	Retry   *Retry
	Timeout time.Duration // per attempt; zero: DefaultTaskTimeout
	Follow  Follow
	Next    []*Transition

	ResultType *schema.Type // of tasks.x.result: for a for_each, the list of item results
}

// DefaultTaskTimeout bounds an attempt that says nothing, DefaultTimeout a run.
const (
	DefaultTaskTimeout = 10 * time.Minute
	DefaultTimeout     = 8 * time.Hour
	MaxTimeout         = 30 * 24 * time.Hour
	DefaultMaxTasks    = 10_000
	DefaultConcurrency = 10
)

// JoinMode says how a task with inbound transitions starts.
type JoinMode int

// The join modes. JoinEach is what a task has into which one transition leads.
const (
	JoinEach  JoinMode = iota // once per arrival
	JoinAll                   // once with everything that arrived, when nothing more can
	JoinAny                   // at the first arrival; the rest of the round is absorbed
	JoinCount                 // at Count distinct inbound tasks; the rest of the round is absorbed
)

// Join is a task's join.
type Join struct {
	Mode  JoinMode
	Count int
}

// Follow says which of the transitions that hold are taken.
type Follow int

// The follow modes.
const (
	FollowAll Follow = iota
	FollowFirst
)

// Transition is one entry of a task's next.
type Transition struct {
	Task  *Task // where it leaves from
	Index int
	Pos   source.Pos
	Label string

	When    *expr.Program // nil: always holds, unless OnSuccess
	Success bool          // the short form `next: b`: holds when the task succeeded
	Publish []Named       // in order; each sees the ones before
	Do      []Target      // in order; empty: the branch ends

	unclear bool // the condition is wrong, so that nothing is known of it
}

// Word is an engine word in do.
type Word int

// The engine words.
const (
	NoWord Word = iota
	Noop        // the failure is handled, nothing more to do here
	Fail        // fail the run
)

// Target is an entry of do: a task or a word.
type Target struct {
	Task *Task // nil for a word
	Word Word
	Pos  source.Pos
}

// ForEach repeats a task for each item.
type ForEach struct {
	Items       *expr.Template
	As          string         // "item" unless named
	Concurrency *expr.Template // nil: DefaultConcurrency
	Continue    bool           // on_error: continue
	ItemType    *schema.Type
	ItemResult  *schema.Type // of one item's action
}

// Retry repeats attempts of a task, or of each item.
type Retry struct {
	Attempts int // counts the first
	Delay    time.Duration
	Backoff  float64
	MaxDelay time.Duration
	Jitter   bool
	When     *expr.Program // nil: errors that may pass, writes only where safe
}

// Trigger is an entry of triggers. Settings holds what its type adds, already checked.
type Trigger struct {
	Name, Type   string
	Enabled      bool
	When         *expr.Program
	Inputs       *expr.Template // a map; nil: none
	Vars         *expr.Template // a map; nil: none
	RunFor       RunFor
	Integrations map[string]*orgs.Override
	Settings     map[string]any
	Pos          source.Pos

	// Fields is the form of a form trigger. Fields called like an input of the workflow are passed to it
	// where Inputs does not give it.
	Fields []schema.Field
	// Poll is what a poll trigger asks for; nil for the other types.
	Poll *Poll
	// Webhook is what a webhook trigger does with requests; nil for the other types.
	Webhook *Webhook
}

// RunFor says for which organisations a trigger starts runs. The zero value is the organisation that
// owns the workflow and nobody else.
type RunFor struct {
	This          bool
	Organisations []string // slugs
	AllManaged    bool
	Tags          []string
}
