package api

import (
	"context"

	"gantry/access"
)

const tagUsers = "users"

// Policies of users. Which users a caller sees and may change, access says: it depends on what was granted to them.
var (
	readUsers   = Policy{Role: access.Admin, Scope: access.UsersRead, Where: Filtered}
	changeUsers = Policy{Role: access.Admin, Scope: access.UsersWrite, Where: ByHandler}
	grantThere  = Policy{Role: access.Admin, Scope: access.UsersWrite, Where: AtOrganisation}
)

// judgedByAccess gives who calls, for a handler whose call of access judges whether they may.
func judgedByAccess(ctx context.Context) *access.Caller {
	requestOf(ctx).required = true
	return CallerOf(ctx)
}

// OfUser names a user.
type OfUser struct {
	User string `path:"user" doc:"The login or the id"`
}

// UserOut is a user.
type UserOut struct{ Body access.User }

// UsersOut are users.
type UsersOut struct {
	Body struct {
		Users []access.User `json:"users"`
	}
}

// AddUserIn is a new user.
type AddUserIn struct {
	Body struct {
		Kind     access.UserKind `json:"kind,omitempty" enum:"person,service" doc:"person unless said; service is a program's account, which has API tokens only"`
		Login    string          `json:"login" maxLength:"1000" doc:"An e-mail address or a short name"`
		Name     string          `json:"name,omitempty" maxLength:"1000"`
		Password string          `json:"password,omitempty" maxLength:"2000" writeOnly:"true" doc:"Left out for those who sign in through the provider"`
		Grants   []NewGrant      `json:"grants,omitempty"`
	}
}

// NewGrant is a role over an organisation and everything below it.
type NewGrant struct {
	Role         string `json:"role" enum:"viewer,operator,author,admin"`
	Organisation string `json:"organisation,omitempty" doc:"A slug; the MSP, and so everybody, where it is left out"`
}

// ChangeUserIn changes a user; what is left out stays.
type ChangeUserIn struct {
	OfUser
	Body struct {
		Login    *string `json:"login,omitempty" maxLength:"1000"`
		Name     *string `json:"name,omitempty" maxLength:"1000"`
		Disabled *bool   `json:"disabled,omitempty" doc:"true ends the sessions, and no token works until it is false again"`
	}
}

// SetPasswordIn is a new password.
type SetPasswordIn struct {
	OfUser
	Body struct {
		Password string `json:"password" maxLength:"2000" writeOnly:"true" doc:"At least 12 characters; empty takes the password away"`
	}
}

// GrantIn is a role over an organisation.
type GrantIn struct {
	OfUser
	OfOrganisation
	Body struct {
		Role string `json:"role" enum:"viewer,operator,author,admin"`
	}
}

// OfGrant names what was granted to a user over an organisation.
type OfGrant struct {
	OfUser
	OfOrganisation
}

// Operations on users and what is granted to them.
var (
	ListUsers = Operation[struct{}, UsersOut]{ID: "list-users", Method: "GET", Path: "/users", Tag: tagUsers, Summary: "List the users within your reach", Policy: readUsers}
	AddUser   = Operation[AddUserIn, UserOut]{ID: "add-user", Method: "POST", Path: "/users", Tag: tagUsers, Summary: "Add a user",
		Description: "You can grant roles where you are an administrator.", Policy: changeUsers}
	ShowUser   = Operation[OfUser, UserOut]{ID: "show-user", Method: "GET", Path: "/users/{user}", Tag: tagUsers, Summary: "Show a user", Policy: readUsers}
	ChangeUser = Operation[ChangeUserIn, UserOut]{ID: "change-user", Method: "PATCH", Path: "/users/{user}", Tag: tagUsers,
		Summary: "Change a user's login or name, keep them out, or let them in again", Policy: changeUsers}
	RemoveUser = Operation[OfUser, struct{}]{ID: "remove-user", Method: "DELETE", Path: "/users/{user}", Tag: tagUsers,
		Summary: "Remove a user, with their sessions and tokens", Policy: changeUsers}
	SetPassword = Operation[SetPasswordIn, struct{}]{ID: "set-password", Method: "PUT", Path: "/users/{user}/password", Tag: tagUsers,
		Summary: "Give a user a new password; their sessions end", Policy: changeUsers}
	GrantRole = Operation[GrantIn, UserOut]{ID: "grant-role", Method: "PUT", Path: "/users/{user}/grants/{org}", Tag: tagUsers,
		Summary: "Give a user a role over an organisation and everything below it", Policy: grantThere}
	RevokeRole = Operation[OfGrant, UserOut]{ID: "revoke-role", Method: "DELETE", Path: "/users/{user}/grants/{org}", Tag: tagUsers,
		Summary: "Take the role that a user was given over an organisation", Policy: grantThere}
)

func (a *API) listUsers(ctx context.Context, _ *struct{}) (*UsersOut, error) {
	out := &UsersOut{}
	var err error
	out.Body.Users, err = a.house.Access().Users(ctx, judgedByAccess(ctx))
	return out, err
}

func (a *API) addUser(ctx context.Context, in *AddUserIn) (*UserOut, error) {
	by := judgedByAccess(ctx)
	wanted := access.NewUser{Kind: in.Body.Kind, Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password}
	for _, g := range in.Body.Grants {
		org, err := requireSlug(ctx, access.Admin, access.UsersWrite, g.Organisation)
		if err != nil {
			return nil, err
		}
		role, err := access.ParseRole(g.Role)
		if err != nil {
			return nil, err
		}
		wanted.Grants = append(wanted.Grants, access.Grant{OrganisationID: org.ID, Role: role})
	}
	return userOut(a.house.Access().AddUser(ctx, by, wanted))
}

func userOut(u access.User, err error) (*UserOut, error) { return &UserOut{u}, err }

func (a *API) showUser(ctx context.Context, in *OfUser) (*UserOut, error) {
	return userOut(a.house.Access().User(ctx, judgedByAccess(ctx), in.User))
}

func (a *API) changeUser(ctx context.Context, in *ChangeUserIn) (*UserOut, error) {
	by := judgedByAccess(ctx)
	return userOut(a.house.Access().ChangeUser(ctx, by, in.User, access.UserChanges{Login: in.Body.Login, Name: in.Body.Name, Disabled: in.Body.Disabled}))
}

func (a *API) removeUser(ctx context.Context, in *OfUser) (*struct{}, error) {
	return nil, a.house.Access().RemoveUser(ctx, judgedByAccess(ctx), in.User)
}

func (a *API) setPassword(ctx context.Context, in *SetPasswordIn) (*struct{}, error) {
	return nil, a.house.Access().SetPassword(ctx, judgedByAccess(ctx), in.User, in.Body.Password)
}

func (a *API) grantRole(ctx context.Context, in *GrantIn) (*UserOut, error) {
	role, err := access.ParseRole(in.Body.Role)
	if err != nil {
		return nil, err
	}
	return userOut(a.house.Access().GrantRole(ctx, CallerOf(ctx), in.User, access.Grant{OrganisationID: organisationOf(ctx).ID, Role: role}))
}

func (a *API) revokeRole(ctx context.Context, in *OfGrant) (*UserOut, error) {
	return userOut(a.house.Access().RevokeRole(ctx, CallerOf(ctx), in.User, organisationOf(ctx).ID))
}

// Operations on other users' sessions and tokens.
var (
	ListSessions = Operation[OfUser, SessionsOut]{ID: "list-sessions", Method: "GET", Path: "/users/{user}/sessions", Tag: tagUsers,
		Summary: "List a user's sessions", Policy: readUsers}
	EndSessions = Operation[OfUser, struct{}]{ID: "end-sessions", Method: "DELETE", Path: "/users/{user}/sessions", Tag: tagUsers,
		Summary: "End a user's sessions", Policy: changeUsers}
	ListTokens = Operation[OfUser, TokensOut]{ID: "list-tokens", Method: "GET", Path: "/users/{user}/tokens", Tag: tagUsers,
		Summary: "List a user's API tokens", Policy: readUsers}
	AddToken = Operation[AddTokenIn, AddedTokenOut]{ID: "add-token", Method: "POST", Path: "/users/{user}/tokens", Tag: tagUsers,
		Summary: "Make an API token for a user; it is shown this once", Policy: changeUsers}
	RevokeToken = Operation[OfUsersToken, struct{}]{ID: "revoke-token", Method: "DELETE", Path: "/users/{user}/tokens/{token}", Tag: tagUsers,
		Summary: "Revoke a user's API token", Policy: changeUsers}
)

// AddTokenIn is a new token of a user.
type AddTokenIn struct {
	OfUser
	Body NewToken
}

// OfUsersToken names a user's token.
type OfUsersToken struct {
	OfUser
	OfToken
}

func (a *API) userOperations() {
	ListUsers.serve(a, a.listUsers)
	AddUser.serve(a, a.addUser)
	ShowUser.serve(a, a.showUser)
	ChangeUser.serve(a, a.changeUser)
	RemoveUser.serve(a, a.removeUser)
	SetPassword.serve(a, a.setPassword)
	GrantRole.serve(a, a.grantRole)
	RevokeRole.serve(a, a.revokeRole)
	ListSessions.serve(a, func(ctx context.Context, in *OfUser) (*SessionsOut, error) {
		judgedByAccess(ctx)
		return a.sessionsOf(ctx, in.User)
	})
	EndSessions.serve(a, func(ctx context.Context, in *OfUser) (*struct{}, error) {
		return nil, a.house.Access().EndOtherSessions(ctx, judgedByAccess(ctx), in.User)
	})
	ListTokens.serve(a, func(ctx context.Context, in *OfUser) (*TokensOut, error) {
		judgedByAccess(ctx)
		return a.tokensOf(ctx, in.User)
	})
	AddToken.serve(a, func(ctx context.Context, in *AddTokenIn) (*AddedTokenOut, error) {
		judgedByAccess(ctx)
		return a.addToken(ctx, in.User, in.Body)
	})
	RevokeToken.serve(a, func(ctx context.Context, in *OfUsersToken) (*struct{}, error) {
		return nil, a.house.Access().RevokeToken(ctx, judgedByAccess(ctx), in.User, in.Token)
	})
}
