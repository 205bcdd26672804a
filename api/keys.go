package api

import (
	"context"

	"gantry/access"
	"gantry/orgs"
)

const tagServer = "server"

// ListKeysOut are the master keys. Keys themselves are never shown, only their ids.
type ListKeysOut struct {
	Body struct {
		From string        `json:"from" doc:"The file, GANTRY_MASTER_KEY, or empty: there is none"`
		Keys []orgs.KeyUse `json:"keys"`
	}
}

// ListKeys lists the master keys.
var ListKeys = Operation[struct{}, ListKeysOut]{ID: "list-keys", Method: "GET", Path: "/keys", Tag: tagServer,
	Summary: "List the master keys by id, and how many secrets each has sealed", Policy: Policy{Where: LocalOnly}}

func (a *API) listKeys(ctx context.Context, _ *struct{}) (*ListKeysOut, error) {
	out := &ListKeysOut{}
	from, keys, err := a.house.Orgs().Keys(ctx)
	out.Body.From, out.Body.Keys = from, append([]orgs.KeyUse{}, keys...)
	return out, err
}

// RotateKeysOut tells what was sealed anew.
type RotateKeysOut struct {
	Body struct {
		Encrypted int    `json:"encrypted" doc:"How many secrets"`
		From      string `json:"from"`
		Key       string `json:"key" doc:"The id of the key under which they are sealed now"`
	}
}

// RotateKeys seals every secret anew under a new master key.
var RotateKeys = Operation[struct{}, RotateKeysOut]{ID: "rotate-keys", Method: "POST", Path: "/keys/rotate", Tag: tagServer,
	Summary: "Seal every secret anew under a new master key", Policy: Policy{Where: LocalOnly}}

func (a *API) rotateKeys(ctx context.Context, _ *struct{}) (*RotateKeysOut, error) {
	others := []orgs.Resealer{a.house.History()}
	if a.house.Resealers != nil {
		others = append(others, a.house.Resealers()...)
	}
	count, err := a.house.Orgs().Rotate(ctx, others...)
	if err != nil {
		return nil, err
	}
	from, keys, err := a.house.Orgs().Keys(ctx)
	if err != nil {
		return nil, err
	}
	out := &RotateKeysOut{}
	out.Body.Encrypted, out.Body.From, out.Body.Key = count, from, keys[0].ID
	return out, nil
}

// ShowServerOut is what answers.
type ShowServerOut struct{ Body Version }

// ShowServer tells what program answers.
var ShowServer = Operation[struct{}, ShowServerOut]{ID: "show-server", Method: "GET", Path: "/server", Tag: tagServer,
	Summary: "Which version of Gantry answers, and since when", Policy: Policy{Where: SignedIn}}

func (a *API) showServer(context.Context, *struct{}) (*ShowServerOut, error) {
	return &ShowServerOut{a.house.Version}, nil
}

// ServerStatusOut is how the server is doing.
type ServerStatusOut struct {
	Body struct {
		Now    string         `json:"now" format:"date-time" doc:"The server's clock"`
		Queued int            `json:"queued" doc:"Runs that wait to begin"`
		Queues map[string]int `json:"queues" doc:"Runs that wait to begin, by the organisation's slug"`
		Broken []Broken       `json:"broken" doc:"Files that are not in use as they lie there"`
		Idle   []string       `json:"idle" doc:"Runs that have not ended and that this process could not take up"`
	}
}

// ServerStatus tells how the server is doing.
var ServerStatus = Operation[struct{}, ServerStatusOut]{ID: "server-status", Method: "GET", Path: "/server/status", Tag: tagServer,
	Summary: "What waits, and which files are broken", Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: AtRoot}}

func (a *API) serverStatus(ctx context.Context, _ *struct{}) (*ServerStatusOut, error) {
	e, err := a.house.Engine(ctx)
	if err != nil {
		return nil, err
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	out := &ServerStatusOut{}
	queued := e.Queued()
	out.Body.Now, out.Body.Queued, out.Body.Queues, out.Body.Broken = a.house.Now().UTC().Format("2006-01-02T15:04:05.000Z"), queued.Total, map[string]int{}, []Broken{}
	if out.Body.Idle, err = e.Idle(ctx); err != nil {
		return nil, err
	}
	for id, n := range queued.ByOrganisation {
		slug := id
		if org, err := a.house.Orgs().ByID(ctx, id); err == nil {
			slug = org.Slug
		}
		out.Body.Queues[slug] = n
	}
	for _, b := range w.Broken() {
		out.Body.Broken = append(out.Body.Broken, brokenDocument(b))
	}
	return out, nil
}

func keyOperations(a *API) {
	ListKeys.serve(a, a.listKeys)
	RotateKeys.serve(a, a.rotateKeys)
	ShowServer.serve(a, a.showServer)
	ServerStatus.serve(a, a.serverStatus)
	BackUp.serve(a, a.backUp)
}
