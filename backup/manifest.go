// Package backup makes and restores backups: one file with a copy of the database as it was at one moment, and what is
// needed to tell whether it is whole, what is in it, and which master key it needs.
package backup

import (
	"encoding/json"
	"time"

	"gantry/engine/history"
	"gantry/fault"
)

// The file is a tar, compressed with zstd: `tar --zstd -tf FILE` lists it. Its members, in this order:
//
//	manifest.json   a Manifest
//	master.key      only where asked for: the master keys in the clear
//	gantry.db       the database
const (
	manifestFile = "manifest.json"
	format       = "gantry backup"
	formatNumber = 1
	maxManifest  = 1 << 20
)

// Manifest says what a backup is.
type Manifest struct {
	Format    string           `json:"format"`
	Number    int              `json:"format_version"`
	CreatedAt time.Time        `json:"created_at" doc:"The moment of which it is"`
	Gantry    string           `json:"gantry" doc:"The version of the program that made it"`
	Sandbox   bool             `json:"sandbox"`
	Checked   bool             `json:"checked" doc:"The copy was looked through after it was made, and is sound"`
	Tables    map[string]int64 `json:"tables" doc:"Versions of the tables"`
	Keys      []string         `json:"master_keys" doc:"Ids of the master keys that its secrets need"`
	WithKey   bool             `json:"with_key" doc:"The master keys are in it, in the clear"`
	Contents  *Contents        `json:"contents,omitempty" doc:"Left out where the tables are of another version than the program's"`
	Members   []Member         `json:"members"`
}

// Contents is how much there is in a backup.
type Contents struct {
	Organisations int            `json:"organisations"`
	Secrets       int            `json:"secrets"`
	History       history.Survey `json:"history"`
}

// Member is a file in a backup.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func readManifest(text []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Format != format {
		return nil, notOurs(err)
	}
	if m.Number > formatNumber {
		return nil, fault.New(fault.Storage, "The backup was made by a newer Gantry (%s, format %d; this program reads %d).", m.Gantry, m.Number, formatNumber).
			WithHint("restore it with that version, or a newer one")
	}
	return &m, nil
}

func notOurs(err error) *fault.Error {
	return fault.Wrap(err, fault.Storage, "This is not a backup of Gantry.").WithHint("name a file that gantry backup has written")
}

func damaged(err error, what string, args ...any) *fault.Error {
	return fault.Wrap(err, fault.Storage, "The backup is damaged: "+what+".", args...).WithHint("restore another one; nothing was changed")
}
