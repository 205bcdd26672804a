// Command bench measures what the product is held to: each figure with its bar, what it cost, and the conditions under
// which it was taken. Everything is real: SQLite with synchronous=FULL in temporary folders, HTTP over loopback,
// processes that are killed. It exits 1 when a bar is missed.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"gantry/engine"
)

// options are the command's flags.
type options struct {
	scale   float64
	only    string
	rounds  int
	format  string
	profile string
}

func main() {
	engine.CollectSeldom() // as the server does
	if len(os.Args) > 1 {
		if play, ok := roles[os.Args[1]]; ok {
			end(play(os.Args[2:]))
		}
	}
	var o options
	flag.Float64Var(&o.scale, "scale", 1, "how much work each scenario does, as a `factor`")
	flag.StringVar(&o.only, "only", "", "measure only what has this `text` in its name")
	flag.IntVar(&o.rounds, "rounds", 3, "how often each scenario is measured; its medians count")
	flag.StringVar(&o.format, "format", "text", "`text`, json or markdown (the table of docs/performance.md)")
	flag.StringVar(&o.profile, "profile", "", "`folder` for profiles of each scenario's first round: cpu, allocs, block, mutex")
	flag.Parse()
	end(o.run())
}

// atEnd are called before the command ends.
var atEnd []func()

func end(err error) {
	for _, do := range atEnd {
		do()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (o *options) run() error {
	show, ok := printers[o.format]
	if !ok || o.rounds < 1 || o.scale <= 0 || flag.NArg() > 0 {
		flag.Usage()
		return errors.New("nothing measured")
	}
	conditions, err := look()
	if err != nil {
		return err
	}
	out := show()
	out.begin(conditions)
	missed := 0
	for _, s := range scenarios() {
		s = s.at(o.scale)
		if !strings.Contains(s.name, o.only) {
			continue
		}
		f, err := o.measure(s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		out.row(s, f)
		missed += len(s.missed(f))
	}
	if err := out.end(); err != nil {
		return err
	}
	if missed > 0 {
		return fmt.Errorf("%d bars missed", missed)
	}
	return nil
}

// measure gives the medians of a scenario's rounds.
func (o *options) measure(s scenario) (figures, error) {
	rounds := o.rounds
	if s.once {
		rounds = 1
	}
	all := make([]figures, 0, rounds)
	for round := range rounds {
		stop, err := o.profiles(s, round)
		if err != nil {
			return nil, err
		}
		f, err := s.measure(s, o.scale)
		if err := errors.Join(err, stop()); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return medians(all), nil
}

// medians takes each figure's own median; of an even number of rounds the worse of the middle two may count.
func medians(rounds []figures) figures {
	out := figures{}
	for name := range rounds[0] {
		var values []float64
		for _, f := range rounds {
			values = append(values, f[name])
		}
		slices.Sort(values)
		out[name] = values[len(values)/2]
	}
	return out
}
