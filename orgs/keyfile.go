package orgs

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gantry/fault"
)

// Where master keys come from.
const (
	KeyFile         = "master.key"
	KeyVariable     = "GANTRY_MASTER_KEY"
	KeyFileVariable = "GANTRY_MASTER_KEY_FILE" // names a file, such as a systemd credential or a container's secret
)

// OpenKeyring gets the master keys: those in the environment variable GANTRY_MASTER_KEY (base64 of 32
// bytes each, separated by commas; the first one seals), then those in the file master.key of the data
// directory, one a line. Where there is neither, a key is made and kept in the file (0600): whoever backs
// up the data must back it up too, elsewhere. Where secrets are sealed already (inUse, see KeysInUse) none
// is made, for the key has been lost then. In place of the first variable GANTRY_MASTER_KEY_FILE may name a file
// with such keys, one a line. getenv is os.Getenv outside of tests.
func OpenKeyring(dataDir string, getenv func(string) string, inUse ...string) (*Keyring, error) {
	ring := &Keyring{}
	if text := getenv(KeyVariable); text != "" {
		if err := ring.parse(strings.Split(text, ","), KeyVariable); err != nil {
			return nil, err
		}
	} else if name := getenv(KeyFileVariable); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fault.Wrap(err, fault.Secret, "The master key %s, which %s names, cannot be read: %s.", name, KeyFileVariable, err)
		}
		if err := ring.parse(strings.Split(string(text), "\n"), name); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(dataDir, KeyFile)
	fromEnvironment := len(ring.keys) > 0
	lines, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) && !fromEnvironment {
		if len(inUse) > 0 {
			return nil, lostKey(path)
		}
		lines, err = makeKeyFile(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := ring.parse(lines, path); err != nil {
		return nil, err
	}
	if !fromEnvironment {
		ring.file = path
	}
	if len(ring.keys) == 0 {
		return nil, fault.New(fault.Secret, "%s holds no key.", path).
			WithHint("bring it back from your backup; if no secrets were kept yet, delete it and a new one is made")
	}
	return ring, nil
}

// lostKey refuses to seal under a new key beside secrets of a lost one: bringing that back would then
// close the new ones.
func lostKey(path string) error {
	return fault.New(fault.Secret, "The master key %s is missing, and there are secrets that only it opens.", path).
		WithHint("bring it back from your backup (or set %s); if it is lost for good, make a new one and set the secrets anew: (umask 077; head -c 32 /dev/urandom | base64 > %s)",
			KeyVariable, path)
}

// hintDamaged does not tell how a key is made: beside secrets that are there a new one would open none of them.
const hintDamaged = "bring back the master.key that was kept apart: only that key opens the secrets which it has sealed; each line is base64 of 32 bytes"

func (k *Keyring) parse(lines []string, from string) error {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil {
			return fault.New(fault.Usage, "A key in %s is not base64.", from).WithHint("%s", hintDamaged)
		}
		key, err := newMasterKey(raw)
		if err != nil {
			return fault.New(fault.Usage, "A key in %s has %d bytes instead of 32.", from, len(raw)).WithHint("%s", hintDamaged)
		}
		k.add(key)
	}
	return nil
}

// readKeyFile refuses a file that others may read, as ssh does with its keys.
func readKeyFile(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, fault.Wrap(err, fault.Secret, "The master key %s cannot be read: %s.", path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fault.Wrap(err, fault.Secret, "The master key %s cannot be read: %s.", path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Secret, "The master key %s can be read by others (%v).", path, info.Mode().Perm()).
			WithHint("close it: chmod 600 %s; if others had access, rotate the keys", path)
	}
	const tooLarge = 64 << 10
	if info.Size() > tooLarge {
		return nil, fault.New(fault.Secret, "%s is not a key file: it is too large.", path)
	}
	text := make([]byte, info.Size())
	if _, err := file.ReadAt(text, 0); err != nil {
		return nil, fault.Wrap(err, fault.Secret, "The master key %s cannot be read: %s.", path, err)
	}
	return strings.Split(string(text), "\n"), nil
}

// makeKeyFile makes a first key. Should another process have been quicker, its key counts.
func makeKeyFile(path string) ([]string, error) {
	key, err := randomMasterKey()
	if err != nil {
		return nil, err
	}
	err = writeKeyFile(path, []masterKey{key}, os.Link)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return readKeyFile(path)
}

const keyFileHead = "# Gantry's master keys. Without this file the secrets cannot be read: keep a copy, apart from the data.\n"

// writeKeyFile writes the keys beside path, flushes them, and puts them in place by put (os.Link keeps a
// file that is there, os.Rename replaces it), so that no crash leaves half a file.
func writeKeyFile(path string, keys []masterKey, put func(from, to string) error) error {
	text := keyFileHead
	for _, key := range keys {
		text += key.text + "\n"
	}
	file, err := os.CreateTemp(filepath.Dir(path), KeyFile+".*") // made 0600
	if err != nil {
		return keyFileFault(path, err)
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = put(file.Name(), path)
	}
	if err == nil {
		err = syncDirectory(filepath.Dir(path))
	}
	return keyFileFault(path, err)
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func keyFileFault(path string, err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Secret, "The master key %s cannot be written: %s.", path, err).
		WithHint("check the rights and the space of the data directory")
}
