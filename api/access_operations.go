package api

// accessOperations serves sign-in, set-up, users, tokens and the audit log.
func accessOperations(*API) {}
