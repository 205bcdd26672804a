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
		if inputs, err = f.readFile(app); err != nil {
			return nil, nil, err
		}
	}
	for _, pair := range f.pairs {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, nil, usage(cmd, "--input %q is not name=value", pair)
		}
		if path, isFile := strings.CutPrefix(text, "@"); isFile {
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, nil, fault.Wrap(err, fault.Usage, "--input %s: %s", name, err).WithHint("@ takes a file's text; for a text that begins with @ use --inputs")
			}
			text = string(content)
		}
		texts[name] = text
	}
	return inputs, texts, nil
}

func (f *inputFlags) readFile(app *App) (map[string]any, error) {
	in := app.In
	if f.file != "-" {
		file, err := os.Open(f.file)
		if err != nil {
			return nil, fault.Wrap(err, fault.Usage, "--inputs: %s", err)
		}
		defer file.Close()
		in = file
	}
	const limit = 64 << 20
	value, err := schema.Decode(io.LimitReader(in, limit+1), limit)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "--inputs %s: %s", f.file, err)
	}
	inputs, ok := value.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Usage, "--inputs %s does not hold one JSON object", f.file).WithHint(`it looks like {"name": "value"}`)
	}
	return inputs, nil
}
