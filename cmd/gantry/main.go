// Command gantry checks and runs MSP workflows written in YAML.
//
// Each command is a constructor in a file of its own, cmd_NAME.go, that takes the App and gives a
// *cobra.Command; root.go lists them. A command reads its flags, gets what it needs from the App
// (Project, Data, Engine …, each opened when first asked for and closed at the end), does its work in the
// packages below, and shows the result through App.Show. Errors are returned as *fault.Error: nothing
// prints them but the end of run, and nothing calls os.Exit but main.
//
//	func newShout(app *App) *cobra.Command {
//		cmd := &cobra.Command{
//			Use:     "shout WORD",
//			Short:   "Say a word loudly",
//			GroupID: groupLook,
//			Example: "  gantry shout hello",
//			Args:    takes("WORD"),
//		}
//		cmd.RunE = func(cmd *cobra.Command, args []string) error {
//			loud := map[string]any{"word": strings.ToUpper(args[0])}
//			return app.Show(loud, func(out io.Writer) error {
//				fmt.Fprintln(out, loud["word"])
//				return nil
//			})
//		}
//		return cmd
//	}
package main

import (
	"context"
	"os"
	"time"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], &App{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		LockPatience: lockPatience,
	}))
}

// run is the whole program: it gives the exit code.
func run(ctx context.Context, args []string, app *App) int {
	root := newRoot(app)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if closing := app.Close(); err == nil {
		err = closing
	}
	if err != nil && asksForJSON(args) {
		app.Flags.Format = "json" // flags that could not be read leave it unset
	}
	return app.exit(err)
}

// asksForJSON tells whether a command line has --format json, whatever else is wrong with it.
func asksForJSON(args []string) bool {
	for i, arg := range args {
		switch {
		case arg == "--":
			return false
		case arg == "--format=json", arg == "--format" && i+1 < len(args) && args[i+1] == "json":
			return true
		}
	}
	return false
}
