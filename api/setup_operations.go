package api

import (
	"context"

	"gantry/access"
)

// SetUpIn is the first administrator, with the secret of the set-up link.
type SetUpIn struct {
	Visitor
	Body struct {
		Secret   string `json:"secret" maxLength:"200" writeOnly:"true" doc:"What stands behind # in the link that the server printed when it started"`
		Login    string `json:"login" maxLength:"1000" doc:"An e-mail address or a short name"`
		Name     string `json:"name,omitempty" maxLength:"1000"`
		Password string `json:"password" maxLength:"2000" writeOnly:"true" doc:"At least 12 characters"`
	}
}

// SetUp makes the first administrator and begins their session.
var SetUp = Operation[SetUpIn, SignedInOut]{ID: "set-up", Method: "POST", Path: "/set-up", Tag: tagSignIn,
	Summary: "Make the first administrator, with the secret of the set-up link", Policy: Policy{Where: Public},
	Description: "It works once, and only while there is nobody who administers everything. The session is in the cookie __Host-gantry."}

func (a *API) setUp(ctx context.Context, in *SetUpIn) (*SignedInOut, error) {
	begun, err := a.house.Access().SetUp(ctx, in.origin, in.Body.Secret, access.NewUser{Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password})
	if err != nil {
		return nil, err
	}
	return &SignedInOut{SetCookie: a.house.Doors.begun(begun, a.house.Now()), Body: begun.User}, nil
}
