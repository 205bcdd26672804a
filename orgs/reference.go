package orgs

import "gantry/expr"

// secretReference is what stands for a secret in expressions: its name, and for whom it is to be opened.
func secretReference(orgID, name string) any { return expr.Secret{Organisation: orgID, Name: name} }
