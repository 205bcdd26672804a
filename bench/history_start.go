package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"gantry/store"
)

func init() {
	further = append(further, scenario{name: "history: gantry serve from start to ready, {runs} ended runs", runs: filledRuns, least: leastFilled, once: true,
		bars: []bar{{figure: took, most: 100}}, measure: inProject(startFilled)})
}

// startsEach is how often the server is started; the medians count.
const startsEach = 5

// startFilled starts a server whose history is large and has ended: what taking up runs takes is measured elsewhere. The
// first start, which makes the other tables, does not count.
func startFilled(p built, s scenario, scale float64) (figures, error) {
	from, err := filled(context.Background(), s.size(scale))
	if err != nil {
		return nil, err
	}
	p.data = filepath.Join(p.project, "filled")
	if err := copyEnded(context.Background(), from, p.data); err != nil {
		return nil, err
	}
	if _, err := p.serve(0); err != nil {
		return nil, err
	}
	var all []figures
	for range startsEach {
		f, err := p.serve(0)
		if err != nil {
			return nil, err
		}
		all = append(all, figures{took: f[took], cpuEach: f[cpuEach]})
	}
	return medians(all), nil
}

// copyEnded copies a filled folder, in which the copy's runs have all ended: those that go on there have no logs with which
// they could.
func copyEnded(ctx context.Context, from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(from, store.DatabaseFile), filepath.Join(to, store.DatabaseFile)); err != nil {
		return err
	}
	db, err := openHistory(ctx, to)
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE runs SET status = 'succeeded', finished_at = created_at WHERE finished_at IS NULL")
		return err
	})
	return errors.Join(err, db.Close())
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
