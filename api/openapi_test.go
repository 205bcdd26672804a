package api

import (
	"testing"
)

func TestDocument(t *testing.T) {
	text, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(text))
}
