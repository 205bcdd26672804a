package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// thing is what was put into a box.
type thing struct {
	ID  int    `json:"id"`
	Key string `json:"key"`
}

// verified is the method under which a write is remembered that is looked for where its answer is lost.
const verified = "looked for"

// put keeps a thing, and answers as it is asked to, the first time: ok; cut: keeps it and breaks the connection; lost:
// breaks it without having kept anything; 500: keeps it and answers that it could not.
func (t *target) put(w http.ResponseWriter, r *http.Request) {
	var in struct{ Run, Task, Key, How string }
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return // it broke off: nothing was done
	}
	u := unit{run: in.Run, task: in.Task}
	first := t.begin(u, verified) == 1
	if first && in.How == "lost" {
		panic(http.ErrAbortHandler)
	}
	made := thing{valueOf(u), in.Key}
	t.mu.Lock()
	t.things[in.Key] = append(t.things[in.Key], made)
	t.mu.Unlock()
	t.answered(u, http.StatusOK)
	switch {
	case first && in.How == "cut":
		panic(http.ErrAbortHandler)
	case first && in.How == "500":
		http.Error(w, "it could not be kept", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(made)
}

// find answers which things have a key.
func (t *target) find(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	found := append([]thing{}, t.things[r.URL.Query().Get("key")]...)
	t.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"list": found})
}

// told keeps the address at which a run waits.
func (t *target) told(house, run, link string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.addresses[house] == nil {
		t.addresses[house] = map[string]string{}
	}
	t.addresses[house][run] = link
}

// links gives the addresses that the runs of a house have told.
func (t *target) links(seed uint64) map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.addresses[strconv.FormatUint(seed, 10)])
}
