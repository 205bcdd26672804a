package authoring

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/klauspost/compress/zstd"

	"gantry/fault"
	"gantry/store"
)

// versionDigits are how many digits of its hash are a text's version, as workflow.Version has it.
const versionDigits = 12

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// VersionOf gives the version of a text: workflow.Workflow.Version of one that checks.
func VersionOf(text []byte) string { return versionOf(hashOf(text)) }

func versionOf(hash string) string {
	if hash == "" {
		return ""
	}
	return hash[:versionDigits]
}

// fromPacked is from how many bytes on a text is kept compressed.
const fromPacked = 4 << 10

// mostUnpacked bounds what a damaged text may claim to be: no file that is read is larger than 10 MiB.
const mostUnpacked = 16 << 20

// packers are made when first used: most projects have small workflows.
var packers = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, err := zstd.NewWriter(nil, zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // the options stand above
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(mostUnpacked))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// packed is a text as it is kept. It is made before the transaction, which others wait for.
type packed struct {
	hash  string
	dense int64 // 1: compressed
	data  []byte
}

func pack(text []byte) packed {
	p := packed{hash: hashOf(text), data: text}
	if len(text) >= fromPacked {
		encoder, _ := packers()
		p.data, p.dense = encoder.EncodeAll(text, nil), 1
	}
	if p.data == nil {
		p.data = []byte{} // an empty file is a text, too
	}
	return p
}

// keep keeps a text, unless it is kept.
func (p packed) keep(tx *store.Tx) error {
	_, err := tx.Exec("INSERT INTO authoring_texts (hash, packed, text) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING", p.hash, p.dense, p.data)
	return err
}

// textRow is a kept text.
type textRow struct {
	Hash   string `db:"hash"`
	Packed bool   `db:"packed"`
	Text   []byte `db:"text"`
}

func (r textRow) plain() ([]byte, error) {
	text := r.Text
	if r.Packed {
		_, decoder := packers()
		var err error
		if text, err = decoder.DecodeAll(r.Text, nil); err != nil {
			return nil, fault.Wrap(err, fault.Storage, "version %s is damaged: %s", versionOf(r.Hash), err)
		}
	}
	if hashOf(text) != r.Hash {
		return nil, fault.New(fault.Storage, "version %s is damaged: it is not the text that was kept", versionOf(r.Hash)).WithHint("`gantry doctor` looks for damage")
	}
	return text, nil
}
