package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/orgs"
)

func newKeys(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "keys",
		Short: "The master keys under which secrets are kept",
		Long: `Secrets are encrypted under a master key: the file master.key in the data folder, or the environment
variable GANTRY_MASTER_KEY. Without it no secret can be read; keep a copy of it, apart from the data.`,
		Example: "  gantry keys show\n  gantry keys rotate",
		GroupID: groupOrgs,
	}, newKeysShow(app), newKeysRotate(app))
}

func newKeysShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show which master keys there are and how many secrets each has",
		Long: `Shows the ids of the master keys, never the keys, with the number of variables and fields that each has
encrypted. A key that is needed and not there is told.`,
		Example: "  gantry keys show",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := app.Client(cmd.Context(), Reading)
			if err != nil {
				return err
			}
			keys, err := api.ListKeys.Call(cmd.Context(), c, &struct{}{})
			if err != nil {
				return err
			}
			return app.Show(keys.Body, func(out io.Writer) error { app.keyTable(out, keys); return nil })
		},
	}
}

func (a *App) keyTable(out io.Writer, keys *api.ListKeysOut) {
	doc := keys.Body
	if doc.From != "" {
		fmt.Fprintf(out, "Master keys of %s:\n", doc.From)
	}
	if len(doc.Keys) == 0 {
		fmt.Fprintln(out, "There is no master key.")
		return
	}
	var rows [][]string
	for _, k := range doc.Keys {
		what := "only opens older secrets"
		switch {
		case k.Missing:
			what = "missing: these secrets do not open"
		case k.Seals:
			what = "encrypts"
		}
		rows = append(rows, []string{k.ID, strconv.Itoa(k.Secrets), what})
	}
	table(out, a.outStyle(), []string{"KEY", "SECRETS", ""}, rows)
}

func newKeysRotate(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "rotate",
		Short: "Encrypt everything anew under a new master key",
		Long: `Makes a new master key and encrypts every secret anew under it: variables, fields of instances, and the
values that runs redacted in their history, so that unfinished ones can go on. The old key is dropped from
master.key when all is done; cut off on the way, both stay there, and the command once more finishes.

With keys in GANTRY_MASTER_KEY put a new one first, before the old one and a comma (head -c 32
/dev/urandom | base64 makes one), run this, and take the old one away.

A server that owns the data does it while it goes on, with the keys that it has: one that gets them from
GANTRY_MASTER_KEY is started anew with both first.`,
		Example: "  gantry keys rotate",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := app.Client(cmd.Context(), Writing)
			if err != nil {
				return err
			}
			rotated, err := api.RotateKeys.Call(cmd.Context(), c, &struct{}{})
			if err != nil {
				return err
			}
			b := rotated.Body
			return app.Show(map[string]any{"encrypted": b.Encrypted, "from": b.From, "key": b.Key}, func(out io.Writer) error {
				fmt.Fprintf(out, "Encrypted %s anew under the key %s.\n", counted(b.Encrypted, "secret"), b.Key)
				if b.From == orgs.KeyVariable {
					fmt.Fprintf(out, "Take the old key away from %s now.\n", orgs.KeyVariable)
				} else {
					fmt.Fprintf(out, "%s has the new key alone: keep a copy of it, apart from the data.\n", b.From)
				}
				return nil
			})
		},
	}
}
