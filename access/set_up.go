package access

import (
	"context"

	"gantry/fault"
	"gantry/store"
)

// NeedsSetUp tells whether there is nobody yet who administers everything and can sign in. Until there is, a server
// answers nothing but the set-up.
func (s *Service) NeedsSetUp(ctx context.Context) (bool, error) {
	if s.ready.Load() {
		return false, nil
	}
	root, err := s.rootID(ctx)
	if err != nil {
		return false, err
	}
	var found []int
	if err := s.read(ctx, &found, countAdministrators, root, int(Admin)); err != nil {
		return false, err
	}
	if found[0] > 0 && !s.store.ReadOnly() {
		s.ready.Store(true) // the last one cannot be removed
	}
	return found[0] == 0, nil
}

// RenewSetUpLink makes a new secret for the set-up, in place of any before, where there is no administrator yet; ""
// where there is one. It holds for Limits.SetUpLink and is kept as a digest only: show it once.
func (s *Service) RenewSetUpLink(ctx context.Context) (secret string, err error) {
	needed, err := s.NeedsSetUp(ctx)
	if err != nil || !needed {
		return "", err
	}
	secret = newSetUpSecret()
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO set_up_link (only_one, hash, ends_at) VALUES (true, ?, ?)
			ON CONFLICT (only_one) DO UPDATE SET hash = excluded.hash, ends_at = excluded.ends_at`,
			digest(secret), s.now().Add(s.limits.SetUpLink).UnixMicro())
		return err
	})
	return secret, err
}

// SetUp makes the first administrator of the root with the secret of the set-up link, and begins their session. The
// link works once: of several at the same moment one wins. A wrong or old one gives fault.SignedOut, one that
// comes when there is an administrator already fault.Conflict.
func (s *Service) SetUp(ctx context.Context, from Origin, secret string, first NewUser) (in SignedIn, err error) {
	nobody := &Caller{Kind: ByNone, From: from.Address}
	err = s.attempt(ctx, nobody, Attempt{Operation: "set-up", Target: first.Login}, func(ctx context.Context) error {
		if err := s.checkSetUp(s.readers(ctx), secret); err != nil {
			return err
		}
		root, err := s.orgs.Root(ctx)
		if err != nil {
			return err
		}
		first.Kind, first.Grants = Person, []Grant{{root.ID, Admin}}
		if first.Password == "" {
			return invalid("The first administrator needs a password.")
		}
		ready, err := s.prepare(ctx, first)
		if err != nil {
			return err
		}
		RecordOf(ctx).calls(&Caller{Kind: ByUser, UserID: ready.id, Login: ready.Login, From: from.Address})
		err = s.keep(ctx, func(tx *store.Tx) error {
			in, err = s.setUp(tx, root.ID, secret, ready, from)
			return err
		})
		if err == nil {
			in.User, err = s.self(ctx, ready.id)
		}
		return err
	})
	return in, err
}

func (s *Service) setUp(tx *store.Tx, root, secret string, ready prepared, from Origin) (SignedIn, error) {
	if err := s.checkSetUp(tx.Select, secret); err != nil {
		return SignedIn{}, err
	}
	if n, err := administrators(tx, root); err != nil || n > 0 {
		return SignedIn{}, firstOr(err, setUpDone())
	}
	if err := s.insertUser(tx, ready, "set-up"); err != nil {
		return SignedIn{}, err
	}
	if _, err := tx.Exec("DELETE FROM set_up_link"); err != nil {
		return SignedIn{}, err
	}
	return s.startSession(tx, ready.id, from)
}

func firstOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func setUpDone() error {
	return fault.New(fault.Conflict, "Gantry is set up already.").WithHint("sign in; `gantry users add` on the server adds more users")
}

// checkSetUp compares the link's secret.
func (s *Service) checkSetUp(from selector, secret string) error {
	var kept []struct {
		Hash   string `db:"hash"`
		EndsAt int64  `db:"ends_at"`
	}
	if err := from(&kept, "SELECT hash, ends_at FROM set_up_link"); err != nil {
		return err
	}
	if len(kept) == 0 || !same(kept[0].Hash, digest(secret)) || !s.now().Before(timeOf(kept[0].EndsAt)) {
		return fault.New(fault.SignedOut, "This set-up link does not work, or no longer.").
			WithHint("the server prints a new one when it starts; or use `gantry users add` there")
	}
	return nil
}
