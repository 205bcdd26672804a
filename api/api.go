package api

import (
	"net/http"
	"slices"
	"sync"

	"github.com/gorilla/mux"

	"gantry/access"
	"gantry/fault"
)

// SignIn tells who sent a request: nil for nobody, an error for a session or token that does not hold.
type SignIn func(*http.Request) (*access.Caller, error)

// API is all operations over one house.
type API struct {
	house      House
	router     *mux.Router
	operations []*Described
	byID       map[string]*Described
	document   func() ([]byte, error)
	begun      begunRuns
	followed   followers
}

// New makes the API of a house.
func New(h House) *API {
	a := &API{house: h.completed(), byID: map[string]*Described{},
		router: mux.NewRouter().UseEncodedPath().SkipClean(true)} // ids of workflows have slashes, which stay %2F
	a.document = sync.OnceValues(a.writeDocument)
	a.router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answerFault(w, http.StatusNotFound, fault.New(fault.Missing, "there is no %s in the API", r.URL.Path).WithHint("GET %s/openapi.json tells what there is", Base))
	})
	a.router.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answerFault(w, http.StatusMethodNotAllowed, fault.New(fault.Usage, "%s does not take %s", r.URL.Path, r.Method).WithHint("GET %s/openapi.json tells what it takes", Base))
	})
	for _, serve := range []func(*API){
		documentOperations,
		organisationOperations, variableOperations, integrationOperations, mappingOperations, actionOperations,
		workflowOperations, authoringOperations, assistOperations, runOperations, askOperations, triggerOperations, figureOperations, keyOperations,
		accessOperations,
		insideOperations, crateOperations, settingsOperations,
	} {
		serve(a)
	}
	return a
}

// add makes a route of an operation, which is bound when it is first called: a command calls one.
func (a *API) add(d *Described) {
	if a.byID[d.ID] != nil {
		panic("api: two operations are called " + d.ID)
	}
	a.byID[d.ID] = d
	a.operations = append(a.operations, d)
	a.router.NewRoute().Name(d.ID).Path(Base + d.Path).Methods(d.Method).Handler(a.gate(d, sync.OnceValue(func() http.Handler {
		return d.bind(schemas())
	})))
}

// Operations gives all operations in the order of their declaration.
func (a *API) Operations() []*Described { return slices.Clone(a.operations) }

// Handler answers everything below Base. Requests that other sites make browsers send are refused.
func (a *API) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answerFault(w, http.StatusForbidden, fault.New(fault.Denied, "another site made this browser send the request"))
	}))
	return cross.Handler(a.router)
}
