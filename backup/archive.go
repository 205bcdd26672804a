package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"gantry/fault"
)

// WriteTo writes the backup. The one who reads it need not know its length beforehand.
func (p *Prepared) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	packed, err := zstd.NewWriter(counted, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return 0, err
	}
	err = p.writeMembers(tar.NewWriter(packed))
	return counted.n, errors.Join(err, packed.Close())
}

func (p *Prepared) writeMembers(t *tar.Writer) error {
	text, err := json.MarshalIndent(p.Manifest, "", "  ")
	if err != nil {
		return err
	}
	put := func(name string, size int64, content io.Reader) error {
		err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: p.CreatedAt, Format: tar.FormatPAX})
		if err == nil {
			_, err = io.Copy(t, content)
		}
		return err
	}
	if err := put(manifestFile, int64(len(text)), newReader(text)); err != nil {
		return err
	}
	for _, m := range p.Members {
		content, err := p.open(m.Name)
		if err != nil {
			return err
		}
		if err := errors.Join(put(m.Name, m.Size, content), content.Close()); err != nil {
			return err
		}
	}
	return t.Close()
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// memberOf gives a file's length and hash.
func memberOf(ctx context.Context, name string, content io.Reader) (Member, error) {
	hash := sha256.New()
	n, err := io.Copy(hash, &patient{ctx, content})
	return Member{name, n, hex.EncodeToString(hash.Sum(nil))}, err
}

// patient ends what is read when its context does.
type patient struct {
	ctx context.Context //nolint:containedctx // of one call
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if p.ctx.Err() != nil {
		return 0, context.Cause(p.ctx)
	}
	return p.r.Read(b)
}

// archive is a backup that is being read.
type archive struct {
	Manifest
	file     *ending
	unpacked *zstd.Decoder
	tar      *tar.Reader
}

// ending notes that a file was read to its end.
type ending struct {
	r    io.Reader
	over bool
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	e.over = e.over || errors.Is(err, io.EOF)
	return n, err
}

// broken tells what is wrong with a part of a backup that cannot be read: bytes are missing at the end of the file, or
// are others than were written.
func (a *archive) broken(err error, what string) *fault.Error {
	if a.file.over {
		return damaged(err, "%s breaks off", what)
	}
	return damaged(err, "%s is not what was written", what)
}

func openArchive(r io.Reader) (*archive, error) {
	file := &ending{r: r}
	unpacked, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, err
	}
	a := &archive{file: file, unpacked: unpacked, tar: tar.NewReader(unpacked)}
	if err := a.begin(); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

func (a *archive) begin() error {
	h, err := a.tar.Next()
	if err != nil || h.Name != manifestFile || h.Size > maxManifest {
		return notOurs(err)
	}
	text, err := io.ReadAll(a.tar)
	if err != nil {
		return damaged(err, "its manifest cannot be read")
	}
	m, err := readManifest(text)
	if err != nil {
		return err
	}
	a.Manifest = *m
	return nil
}

func (a *archive) close() { a.unpacked.Close() }

// each hands on all members in their order, and fails unless each is what the manifest says, and nothing else is there.
func (a *archive) each(ctx context.Context, take func(name string, content io.Reader) error) error {
	for _, m := range a.Members {
		h, err := a.tar.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return a.broken(err, m.Name)
		}
		if err != nil || h.Name != m.Name || h.Size != m.Size || h.Typeflag != tar.TypeReg {
			return damaged(err, "%s is missing", m.Name)
		}
		hash := sha256.New()
		content := &remembering{r: io.TeeReader(&patient{ctx, a.tar}, hash)}
		if err := take(m.Name, content); err != nil {
			if content.err != nil && ctx.Err() == nil {
				return a.broken(content.err, m.Name)
			}
			return err
		}
		if hex.EncodeToString(hash.Sum(nil)) != m.SHA256 {
			return damaged(nil, "%s is not what was written", m.Name)
		}
	}
	if _, err := a.tar.Next(); !errors.Is(err, io.EOF) {
		return damaged(err, "there is something behind its end")
	}
	if _, err := io.Copy(io.Discard, a.unpacked); err != nil { // the last checksum
		return a.broken(err, "its end")
	}
	return nil
}

// remembering tells a reader's error from that of whoever writes what was read.
type remembering struct {
	r   io.Reader
	err error
}

func (r *remembering) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// Verify reads a backup to its end and compares every member with the manifest.
func Verify(ctx context.Context, r io.Reader) (*Manifest, error) {
	a, err := openArchive(r)
	if err != nil {
		return nil, err
	}
	defer a.close()
	err = a.each(ctx, func(_ string, content io.Reader) error {
		_, err := io.Copy(io.Discard, content)
		return err
	})
	return &a.Manifest, err
}

// VerifyFile is Verify of a file.
func VerifyFile(ctx context.Context, path string) (*Manifest, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.Missing, "The backup %s cannot be read: %s.", path, err)
	}
	defer file.Close()
	return Verify(ctx, file)
}
