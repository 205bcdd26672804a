package workflow

import (
	"time"

	"gantry/orgs"
	"gantry/source"
)

// Definition is a workflow file as it is written: shape and words checked, names and expressions not
// yet. What was wrong is absent.
type Definition struct {
	ID   string
	File string
	Text []byte
	Root *source.Node

	Title, Description     string
	Tags                   []string
	TimeSaved, Timeout     time.Duration
	TimeoutExcludesWaiting bool
	MaxTasks               int
	Concurrency            *ConcurrencyNode

	Inputs    *source.Node // declarations, read by the checker that knows the catalogue's types
	Vars      *source.Node
	Triggers  []*TriggerNode
	Tasks     []*TaskNode // in file order
	Outputs   []NamedNode
	OnFailure *CallNode

	broken bool            // Parse reported errors
	gaps   bool            // ways between tasks may be missing, because something about them is wrong
	inputs *declaredInputs // once somebody has read them
}

// NamedNode is a name and what stands behind it.
type NamedNode struct {
	Name  string
	Pos   source.Pos // of the name
	Value *source.Node
}

// CallNode is on_failure.
type CallNode struct {
	Pos      source.Pos
	Workflow *source.Node
	With     *source.Node
}

// ConcurrencyNode is a concurrency as it is written.
type ConcurrencyNode struct {
	Concurrency
	KeyNode *source.Node
}

// TaskNode is a task as it is written.
type TaskNode struct {
	Name  string
	Pos   source.Pos // of the name
	Title string

	Action, Workflow *source.Node // text; one of them
	With             *source.Node // a map
	WithBroken       bool         // with is there and no map
	Org              *source.Node
	Integration      *orgs.Override
	IntegrationPos   source.Pos
	Mock             *source.Node
	Redact           []*source.Node

	Join       *JoinNode
	ForEach    *ForEachNode
	Retry      *RetryNode
	Timeout    time.Duration // zero: not written
	TimeoutPos source.Pos
	Follow     Follow
	Next       []*TransitionNode
	NextEnd    int // the line of the key behind next; 0: next is the last
}

// JoinNode is a written join.
type JoinNode struct {
	Join
	Pos source.Pos
}

// ForEachNode is a for_each as it is written.
type ForEachNode struct {
	Pos         source.Pos
	Items       *source.Node
	As          string
	AsPos       source.Pos
	Concurrency *source.Node
	Continue    bool
}

// RetryNode is a retry as it is written.
type RetryNode struct {
	Retry
	WhenNode *source.Node
}

// TransitionNode is an entry of next as it is written.
type TransitionNode struct {
	Pos     source.Pos
	Label   string
	When    *source.Node
	Success bool
	Publish []NamedNode
	Do      []TargetNode
}

// TargetNode is an entry of do.
type TargetNode struct {
	Name string
	Word Word
	Pos  source.Pos
}

// TriggerNode is a trigger as it is written.
type TriggerNode struct {
	Name         string
	Pos          source.Pos
	Type         *triggerType // nil: unknown
	Enabled      bool
	When         *source.Node
	Inputs, Vars *source.Node
	RunFor       RunFor
	Integrations []OverrideNode
	Settings     *source.Node // the whole trigger; the type's own keys are read by the checker
}

// OverrideNode is an entry of a trigger's integrations.
type OverrideNode struct {
	Integration string
	Pos         source.Pos
	Override    *orgs.Override
}
