package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"gantry/access"
	"gantry/backup"
	"gantry/fault"
)

// BackUpIn says what goes into a backup.
type BackUpIn struct {
	Body *BackUpBody
}

// BackUpBody is the body of BackUp.
type BackUpBody struct {
	WithKey   bool `json:"with_key,omitempty" doc:"Put the master keys into it, in the clear; only on the machine that Gantry runs on"`
	Unchecked bool `json:"unchecked,omitempty" doc:"Do not look whether the copy is sound: a damaged database is backed up as it is"`
}

// BackUpOut is a backup, as it is written.
type BackUpOut struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body writesItself
}

// BackUp makes a backup.
var BackUp = Operation[BackUpIn, BackUpOut]{ID: "back-up", Method: "POST", Path: "/server/backup", Tag: tagServer, Summary: "Make a backup, and send it",
	Description: "The answer is a tar of manifest.json and gantry.db, compressed with zstd. It begins when the database is copied and looked through, which " +
		"takes some seconds for each GB; one that breaks off is of no use. The master keys are not in it unless asked for.",
	Policy: Policy{Role: access.Admin, Scope: access.BackupsWrite, Where: AtRoot}}

func (a *API) backUp(ctx context.Context, in *BackUpIn) (*BackUpOut, error) {
	o := given(in.Body)
	if o.WithKey && CallerOf(ctx).Kind != access.ByLocal {
		return nil, fault.New(fault.Denied, "the master key does not leave the machine that Gantry runs on").
			WithHint("call `gantry backup --with-key` there, or keep a copy of master.key apart")
	}
	if a.house.BackUp == nil {
		return nil, fault.New(fault.Missing, "there is no data here to be backed up")
	}
	p, err := a.house.BackUp(ctx, o.WithKey, o.Unchecked)
	if err != nil {
		return nil, err
	}
	return &BackUpOut{Type: "application/zstd", Name: `attachment; filename="` + backup.Name(p.CreatedAt) + `"`, Body: func(w http.ResponseWriter, r *http.Request) {
		a.sendBackup(w, r, p)
	}}, nil
}

// sendBackup sends what is prepared. One that cannot be sent whole breaks off, so that nobody takes it for one.
func (a *API) sendBackup(w http.ResponseWriter, r *http.Request, p *backup.Prepared) {
	out := &patientWriter{w, http.NewResponseController(w)}
	size, err := p.WriteTo(out)
	if closing := p.Close(); err == nil && closing == nil && a.house.BackedUp != nil {
		a.house.BackedUp(backup.Last{At: p.CreatedAt, Size: size})
	}
	if err != nil {
		a.house.Log.WarnContext(r.Context(), "a backup broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// patientWriter gives the reader time for each part, rather than for all: a backup may be large.
type patientWriter struct {
	w       io.Writer
	control *http.ResponseController
}

const partPatience = time.Minute

func (p *patientWriter) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(partPatience)) // in memory there is none
	return p.w.Write(b)
}

// FetchBackup has the server make a backup and writes it to w.
func FetchBackup(ctx context.Context, c *Client, in *BackUpIn, w io.Writer) (int64, error) {
	r, err := newRequest(ctx, BackUp.Method, BackUp.Path, in)
	if err != nil {
		return 0, err
	}
	resp, err := c.do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body := &failing{r: resp.Body}
	n, err := io.Copy(w, body)
	if body.err != nil {
		return n, c.unreachable(ctx, body.err)
	}
	return n, err
}

// failing remembers the error of a reader, to be told from that of whoever writes what was read.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
