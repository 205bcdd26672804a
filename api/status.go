package api

import (
	"net/http"

	"gantry/fault"
)

// statuses says with which HTTP status an error of each code is answered. What another system has against Gantry
// is 502: 401 and 403 speak of the caller's own rights here.
var statuses = map[fault.Code]int{
	fault.Usage:        http.StatusBadRequest,
	fault.SignedOut:    http.StatusUnauthorized,
	fault.Denied:       http.StatusForbidden,
	fault.Tenant:       http.StatusForbidden,
	fault.Missing:      http.StatusNotFound,
	fault.Exists:       http.StatusConflict,
	fault.Conflict:     http.StatusConflict,
	fault.NotInstalled: http.StatusConflict,
	fault.Cancelled:    http.StatusConflict,
	fault.Skipped:      http.StatusConflict,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.RateLimited:  http.StatusTooManyRequests,

	fault.InvalidInput:    http.StatusUnprocessableEntity,
	fault.NotChecked:      http.StatusUnprocessableEntity,
	fault.Expression:      http.StatusUnprocessableEntity,
	fault.Secret:          http.StatusUnprocessableEntity,
	fault.AddressRefused:  http.StatusUnprocessableEntity,
	fault.Failed:          http.StatusUnprocessableEntity,
	fault.FailWord:        http.StatusUnprocessableEntity,
	fault.Unhandled:       http.StatusUnprocessableEntity,
	fault.JoinUnsatisfied: http.StatusUnprocessableEntity,
	fault.ItemsFailed:     http.StatusUnprocessableEntity,
	fault.SubrunFailed:    http.StatusUnprocessableEntity,
	fault.TooManyTasks:    http.StatusUnprocessableEntity,

	fault.Network:        http.StatusBadGateway,
	fault.UnknownOutcome: http.StatusBadGateway,
	fault.BadRequest:     http.StatusBadGateway,
	fault.Unauthorised:   http.StatusBadGateway,
	fault.Forbidden:      http.StatusBadGateway,
	fault.NotFound:       http.StatusBadGateway,
	fault.ServerError:    http.StatusBadGateway,
	fault.BadResponse:    http.StatusBadGateway,
	fault.InvalidResult:  http.StatusBadGateway,
	fault.LoginFailed:    http.StatusBadGateway,
	fault.Timeout:        http.StatusGatewayTimeout,

	fault.Interrupted: http.StatusServiceUnavailable,
	fault.Locked:      http.StatusServiceUnavailable,
	fault.Storage:     http.StatusServiceUnavailable,
	fault.Internal:    http.StatusInternalServerError,
}

// statusOf gives the status of a code.
func statusOf(code fault.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}
