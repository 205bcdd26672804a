package fault

// The documented codes. Codes gives each its sentence; docs/errors.md is generated from it.
const (
	Expression      Code = "expression"
	InvalidInput    Code = "invalid_input"
	InvalidResult   Code = "invalid_result"
	Failed          Code = "failed"
	Network         Code = "network"
	AddressRefused  Code = "address_refused"
	Timeout         Code = "timeout"
	UnknownOutcome  Code = "unknown_outcome"
	BadRequest      Code = "bad_request"
	Unauthorised    Code = "unauthorised"
	Forbidden       Code = "forbidden"
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	RateLimited     Code = "rate_limited"
	ServerError     Code = "server_error"
	BadResponse     Code = "bad_response"
	LoginFailed     Code = "login_failed"
	NotInstalled    Code = "not_installed"
	JoinUnsatisfied Code = "join_unsatisfied"
	ItemsFailed     Code = "items_failed"
	SubrunFailed    Code = "subrun_failed"
	Cancelled       Code = "cancelled"
	TooManyTasks    Code = "too_many_tasks"
	TooLarge        Code = "too_large"
	Unhandled       Code = "task_failed"
	FailWord        Code = "fail"
	Secret          Code = "secret"
	Tenant          Code = "tenant"
	NotChecked      Code = "not_checked"
	Interrupted     Code = "interrupted"
	Skipped         Code = "skipped"
	Usage           Code = "usage"
	Missing         Code = "missing"
	Exists          Code = "exists"
	Locked          Code = "locked"
	Storage         Code = "storage"
	SignedOut       Code = "signed_out"
	Denied          Code = "denied"
	Internal        Code = "internal"
)

// Described is a code with the sentence that the handbook prints.
type Described struct {
	Code    Code
	Meaning string
}

// Codes lists every code in the order the handbook shows them.
func Codes() []Described {
	return []Described{
		{Expression, "An expression could not be evaluated with the data at hand."},
		{InvalidInput, "A value does not fit what the action, workflow or trigger declares as its input."},
		{InvalidResult, "The other system answered with data that does not fit the action's declared result."},
		{Failed, "core.fail was called, or an action reports a failure of its own."},
		{Network, "The other system could not be reached, or the connection broke before anything could have been done."},
		{AddressRefused, "The address is loopback, link-local or private, and the operator has not allowed it."},
		{Timeout, "No answer within the task's or the run's timeout."},
		{UnknownOutcome, "A write was sent and its answer was lost: it may or may not have been done. It is not repeated unless the action says that is safe."},
		{BadRequest, "The other system refused the request as wrong (400, 405, 409, 422 …); its own words are in the message."},
		{Unauthorised, "The other system does not accept the sign-in (401), also after a fresh token."},
		{Forbidden, "Signed in, but without the right to do this (403)."},
		{NotFound, "The thing asked for does not exist there (404)."},
		{Conflict, "The other system says that the thing has changed meanwhile, or exists already (409, 412)."},
		{RateLimited, "Too many requests (429), and waiting longer would outlast the task."},
		{ServerError, "The other system failed (5xx)."},
		{BadResponse, "The answer could not be read: not JSON, cut short, or too large."},
		{LoginFailed, "No access token could be had: client id, secret, tenant or address is wrong."},
		{NotInstalled, "The organisation has no instance of the integration, and no override lends one."},
		{JoinUnsatisfied, "A join that waits for a number of branches can no longer reach that number."},
		{ItemsFailed, "One or more items of a for_each failed."},
		{SubrunFailed, "A sub-workflow's run failed or was cancelled; one that timed out gives timeout."},
		{Cancelled, "Cut off because the run was cancelled."},
		{TooManyTasks, "The run reached its limit of task executions; most often a loop without an end."},
		{TooLarge, "A value is larger than Gantry keeps."},
		{Unhandled, "The run failed because a task failed and no transition handled it."},
		{FailWord, "The run was failed by the word `fail` in a transition."},
		{Secret, "A secret was used where it would be stored or shown."},
		{Tenant, "A run tried to reach something of an organisation that it does not belong to."},
		{NotChecked, "`gantry check` refuses this workflow, so it is not run."},
		{Interrupted, "The process stopped before the attempt ended; a read is repeated, a write becomes unknown."},
		{Skipped, "The run was not started: as many as may go side by side are going, and the limit says to skip."},
		{Usage, "The command was called wrongly."},
		{Missing, "No such workflow, organisation, variable, instance, run or task."},
		{Exists, "Something of that name exists already."},
		{Locked, "Another process owns the data directory."},
		{Storage, "The database could not be read or written."},
		{SignedOut, "Nobody is signed in, or the session or token does not hold any more."},
		{Denied, "Signed in, but without the right to do this in Gantry."},
		{Internal, "A defect in Gantry; please report it."},
	}
}
