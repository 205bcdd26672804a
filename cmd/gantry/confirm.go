package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"gantry/fault"
)

// confirm asks whether something is really meant. Any answer but yes gives an error, and so does
// a place where nobody can be asked: that one names --yes.
func (a *App) confirm(question string) error {
	refused := fault.New(fault.Usage, "nothing was done: %s", question).WithHint("add --yes to do it")
	if !isTerminal(a.Out) || a.JSON() {
		return refused
	}
	fmt.Fprintf(a.Err, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(io.LimitReader(a.In, 100)).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return fault.New(fault.Usage, "nothing was done")
}
