package orgs

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"

	"gantry/fault"
)

// Keyring holds the master keys. The first one seals; the others only open what was sealed before a
// rotation. It is safe for concurrent use.
type Keyring struct {
	rotating sync.Mutex // held by a rotation from the new key to the end of the old ones

	mu   sync.RWMutex
	keys []masterKey
	file string // where the keys are kept, "" when they come from the environment or a test
}

// masterKey is one key. Its id is derived from it, so that a sealed row can say which key it needs.
type masterKey struct {
	id   string
	text string // base64, as the file has it
	aead cipher.AEAD
}

// NewKeyring makes a keyring of keys of 32 bytes each; the first one seals.
func NewKeyring(keys ...[]byte) (*Keyring, error) {
	ring := &Keyring{}
	for _, raw := range keys {
		key, err := newMasterKey(raw)
		if err != nil {
			return nil, err
		}
		ring.add(key)
	}
	if len(ring.keys) == 0 {
		return nil, fault.New(fault.Usage, "A keyring needs a key.")
	}
	return ring, nil
}

// NoKeys is a keyring for those who only look: it opens nothing, and must not be asked to seal.
func NoKeys() *Keyring { return &Keyring{} }

func newMasterKey(raw []byte) (masterKey, error) {
	aead, err := chacha20poly1305.NewX(raw)
	if err != nil {
		return masterKey{}, fault.New(fault.Usage, "A master key has 32 bytes, not %d.", len(raw)).
			WithHint("make one with: head -c 32 /dev/urandom | base64")
	}
	sum := sha256.Sum256(append([]byte("gantry master key id\x00"), raw...))
	return masterKey{id: hex.EncodeToString(sum[:6]), text: base64.StdEncoding.EncodeToString(raw), aead: aead}, nil
}

func randomMasterKey() (masterKey, error) {
	raw := make([]byte, chacha20poly1305.KeySize)
	rand.Read(raw) // never fails: crypto/rand ends the process rather than give weak keys
	return newMasterKey(raw)
}

// add puts a key last, unless it is there already.
func (k *Keyring) add(key masterKey) {
	if !slices.ContainsFunc(k.keys, func(known masterKey) bool { return known.id == key.id }) {
		k.keys = append(k.keys, key)
	}
}

// place says where a sealed value belongs. It is authenticated with the value: a row that was copied to
// another organisation, instance or name does not open.
type place struct {
	organisation, kind, owner, name string
}

// associated writes the place so that no two places read the same.
func (p place) associated(keyID string) []byte {
	data := []byte("gantry secret 1")
	for _, part := range []string{keyID, p.organisation, p.kind, p.owner, p.name} {
		data = binary.BigEndian.AppendUint32(data, uint32(len(part)))
		data = append(data, part...)
	}
	return data
}

// sealed is an encrypted value as the table has it.
type sealed struct {
	KeyID string `db:"key_id"`
	Text  string `db:"sealed"` // base64 of nonce and ciphertext
}

func (k *Keyring) seal(p place, clear string) sealed {
	k.mu.RLock()
	key := k.keys[0]
	k.mu.RUnlock()
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(clear)+chacha20poly1305.Overhead)
	rand.Read(nonce)
	box := key.aead.Seal(nonce, nonce, []byte(clear), p.associated(key.id))
	return sealed{KeyID: key.id, Text: base64.StdEncoding.EncodeToString(box)}
}

// open decrypts; the errors name the place, never the value.
func (k *Keyring) open(p place, s sealed) (string, error) {
	k.mu.RLock()
	at := slices.IndexFunc(k.keys, func(key masterKey) bool { return key.id == s.KeyID })
	var key masterKey
	if at >= 0 {
		key = k.keys[at]
	}
	k.mu.RUnlock()
	if at < 0 {
		return "", fault.New(fault.Secret, "The secret %q was sealed with the master key %s, which is not at hand.", p.name, s.KeyID).
			WithHint("bring back the master.key of the data directory (or GANTRY_MASTER_KEY) that it was written with, or set the secret anew")
	}
	box, err := base64.StdEncoding.DecodeString(s.Text)
	if err == nil && len(box) >= chacha20poly1305.NonceSizeX {
		clear, failed := key.aead.Open(nil, box[:chacha20poly1305.NonceSizeX], box[chacha20poly1305.NonceSizeX:], p.associated(key.id))
		if failed == nil {
			return string(clear), nil
		}
	}
	return "", fault.New(fault.Secret, "The secret %q does not open: its row was damaged, or copied from somewhere else.", p.name).
		WithHint("set the secret anew")
}

// Lacks gives those of the keys that are not at hand: what they sealed does not open.
func (k *Keyring) Lacks(ids []string) []string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var lacking []string
	for _, id := range ids {
		if !slices.ContainsFunc(k.keys, func(key masterKey) bool { return key.id == id }) {
			lacking = append(lacking, id)
		}
	}
	return lacking
}

// sealer is the id of the key that seals.
func (k *Keyring) sealer() string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.keys[0].id
}

// Seal encrypts data that is kept elsewhere, bound to what boundTo names: it opens only with the same.
func (k *Keyring) Seal(plain []byte, boundTo string) (string, error) {
	s := k.seal(elsewhere(boundTo), string(plain))
	return s.KeyID + "." + s.Text, nil
}

// Open is the reverse of Seal. After a rotation that dropped the key, what it sealed stays closed.
func (k *Keyring) Open(text, boundTo string) ([]byte, error) {
	keyID, box, _ := strings.Cut(text, ".")
	clear, err := k.open(elsewhere(boundTo), sealed{KeyID: keyID, Text: box})
	return []byte(clear), err
}

func elsewhere(boundTo string) place { return place{kind: "elsewhere", name: boundTo} }
