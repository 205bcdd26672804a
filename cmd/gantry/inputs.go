package main

import (
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/schema"
)

// inputFlags are --input name=value and --inputs FILE, which `run` and `actions call` share.
type inputFlags struct {
	pairs []string
	file  string
}

func (f *inputFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVarP(&f.pairs, "input", "i", nil, "an input, as `name=value`; value @FILE takes the file's text; may be repeated")
	cmd.Flags().StringVar(&f.file, "inputs", "", "a JSON `file` with inputs; - is standard input")
}

// given gives the inputs of the file as they stand there, and the others as the texts that were typed.
func (f *inputFlags) given(app *App, cmd *cobra.Command) (inputs map[string]any, texts map[string]string, err error) {
	inputs, texts = map[string]any{}, map[string]string{}
	if f.file != "" {
		if inputs, err = app.readObject("--inputs", f.file); err != nil {
			return nil, nil, err
		}
	}
	for _, pair := range f.pairs {
		name, text, err := namedText(cmd, "--input", "name", "--inputs", pair)
		if err != nil {
			return nil, nil, err
		}
		texts[name] = text
	}
	return inputs, texts, nil
}

// namedText takes name=value of a flag apart; value @FILE is the file's text. file is the flag for JSON.
func namedText(cmd *cobra.Command, flag, called, file, pair string) (name, text string, err error) {
	name, text, ok := strings.Cut(pair, "=")
	if !ok || name == "" {
		return "", "", usage(cmd, "%s %q is not %s=value", flag, pair, called)
	}
	if path, isFile := strings.CutPrefix(text, "@"); isFile {
		content, err := os.ReadFile(path)
		if err != nil {
			return "", "", fault.Wrap(err, fault.Usage, "%s %s: %s", flag, name, err).WithHint("@ takes a file's text; for a text that begins with @ use %s", file)
		}
		text = string(content)
	}
	return name, text, nil
}

// readObject reads a file with one JSON object; - is standard input. flag names where the file was given.
func (a *App) readObject(flag, path string) (map[string]any, error) {
	in := a.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fault.Wrap(err, fault.Usage, "%s: %s", flag, err)
		}
		defer file.Close()
		in = file
	}
	const limit = 64 << 20
	value, err := schema.Decode(io.LimitReader(in, limit+1), limit)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "%s %s: %s", flag, path, err)
	}
	inputs, ok := value.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Usage, "%s %s does not hold one JSON object", flag, path).WithHint(`it looks like {"name": "value"}`)
	}
	return inputs, nil
}
