// Package api is Gantry's HTTP API, below /api/v1: each operation is declared once, and that declaration is its
// route, its entry in the OpenAPI document, who may call it, and the call that the command line makes.
package api
