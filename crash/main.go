package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("crash", flag.ContinueOnError)
	o := session{progress: os.Stderr}
	flags.IntVar(&o.kills, "kills", 1000, "how often it is killed")
	flags.Uint64Var(&o.seed, "seed", 1, "of everything that is random")
	one := flags.Uint64("house", 0, "play the house of this seed alone, as a violation names it")
	flags.IntVar(&o.lanes, "lanes", 2, "houses side by side")
	flags.IntVar(&o.perHouse, "per-house", 50, "kills of each house")
	flags.StringVar(&o.only, "only", "", "kill at this fail-point alone")
	flags.StringVar(&o.binary, "binary", "", "a program built with -tags failpoints, instead of one that is built now")
	flags.StringVar(&o.report, "report", "", "add a line for each house to this file, so that several sessions add up")
	table := flags.String("summary", "", "print the table of such a file, and do nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *table != "" {
		return printReport(os.Stdout, *table)
	}
	if o.only != "" && !slices.Contains(served(), o.only) {
		return fmt.Errorf("-only %s: there is no such fail-point", o.only)
	}
	if o.kills < 1 || o.lanes < 1 || o.perHouse < 1 {
		return errors.New("-kills, -lanes and -per-house are numbers from 1")
	}
	if o.perHouse = min(o.perHouse, o.kills); *one != 0 {
		o.seed, o.perHouse, o.lanes = *one, o.kills, 1
	}
	var err error
	if o.dir, err = os.MkdirTemp("", "gantry-crash-"); err != nil {
		return err
	}
	if o.binary == "" {
		if o.binary, err = build(ctx, o.dir); err != nil {
			return err
		}
	}
	o.began = time.Now()
	all, failed := o.run(ctx)
	if err := all.print(os.Stdout, time.Since(o.began)); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if len(all.violations) > 0 {
		return fmt.Errorf("%d violations; the directories are kept in %s", len(all.violations), o.dir)
	}
	return os.RemoveAll(o.dir)
}
