package api

// accessOperations serves sign-in, set-up, users, tokens and the audit log.
func accessOperations(a *API) {
	ShowWaysIn.serve(a, a.showWaysIn)
	PasswordSignIn.serve(a, a.signIn)
	SignOut.serve(a, a.signOut)
	BeginProvider.serve(a, a.beginProvider)
	FinishProvider.serve(a, a.finishProvider)
	SetUp.serve(a, a.setUp)
	a.selfOperations()
	a.userOperations()
	ListAudit.serve(a, a.listAudit)
}
