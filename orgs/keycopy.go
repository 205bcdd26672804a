package orgs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// CopyKeys gives the master keys of a data directory as the file master.key has them, and their ids, the one that seals
// first. Nothing is made: where there is no key both are empty. The text is a secret.
func CopyKeys(dataDir string, getenv func(string) string) (text string, ids []string, err error) {
	_, missing := os.Stat(filepath.Join(dataDir, KeyFile))
	if errors.Is(missing, fs.ErrNotExist) && getenv(KeyVariable) == "" && getenv(KeyFileVariable) == "" {
		return "", nil, nil
	}
	ring, err := OpenKeyring(dataDir, getenv, "any") // so that none is made
	if err != nil {
		return "", nil, err
	}
	_, ids = ring.ids()
	return ring.text(), ids, nil
}

func (k *Keyring) text() string {
	var b strings.Builder
	b.WriteString(keyFileHead)
	for _, key := range k.keys {
		b.WriteString(key.text + "\n")
	}
	return b.String()
}

// PlaceKeys writes master.key into a folder that has none, from a text that CopyKeys gave or that such a file has. A text
// without a key is refused.
func PlaceKeys(dir, text string) error {
	ring, err := readKeys(text)
	if err != nil {
		return err
	}
	return writeKeyFile(filepath.Join(dir, KeyFile), ring.keys, os.Link)
}

// KeyIDs gives the ids of the keys in the text of a master.key.
func KeyIDs(text string) ([]string, error) {
	ring, err := readKeys(text)
	if err != nil {
		return nil, err
	}
	_, ids := ring.ids()
	return ids, nil
}

func readKeys(text string) (*Keyring, error) {
	ring := &Keyring{file: KeyFile}
	if err := ring.parse(strings.Split(text, "\n"), "the key file"); err != nil {
		return nil, err
	}
	if len(ring.keys) == 0 {
		return nil, invalid("The key file holds no key.").WithHint("it has lines of base64, as master.key in the data folder does")
	}
	return ring, nil
}

// LackOf gives those ids that are not among some others.
func LackOf(needed, there []string) []string {
	var lacking []string
	for _, id := range needed {
		if !slices.Contains(there, id) {
			lacking = append(lacking, id)
		}
	}
	return lacking
}
