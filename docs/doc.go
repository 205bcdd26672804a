// Package docs is the user's handbook. Its pages are written by hand, but for those in reference/, which are
// made from the code: `go generate ./docs`.
package docs

//go:generate go run ./generate
