package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

var itemScenarios = []scenario{
	{name: "for_each of 10,000 no-ops", bars: []bar{{figure: linear, most: 1.3}, {figure: memory, most: 100}}, measure: manyItems},
}

// manyItems runs a for_each of 1,000 and one of 10,000 items in a process of its own, whose peak of resident memory is
// taken before and after the big one.
func manyItems(_ scenario, scale float64) (figures, error) {
	p, err := startRole("items", fmt.Sprint(max(1, int(3*scale))))
	if err != nil {
		return nil, err
	}
	defer p.kill()
	said, err := p.hear("items")
	if err != nil {
		return nil, err
	}
	var small, large, more float64
	if _, err := fmt.Sscan(said, &small, &large, &more); err != nil {
		return nil, err
	}
	return figures{took: large, linear: large / (10 * small), memory: more}, p.cmd.Wait() // it tidies up
}

// itemsRole says "items", the shortest time in ms that 1,000 and 10,000 items took, and how many MB more of memory the
// process had at its peak because of the latter.
func itemsRole(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	b, err := setup()
	if err != nil {
		return err
	}
	defer b.close()
	small, err := b.shortest("each1000", 3*n)
	if err != nil {
		return err
	}
	runtime.GC()
	before, err := peak()
	if err != nil {
		return err
	}
	large, err := b.shortest("each10000", n)
	if err != nil {
		return err
	}
	after, err := peak()
	fmt.Printf("items %g %g %g\n", ms(small), ms(large), after-before)
	return err
}

// shortest is the time of the quickest of n runs: what others do on the machine only adds.
func (b *bench) shortest(workflow string, n int) (time.Duration, error) {
	f, err := sideBySide(1, n, func() error { return b.one(workflow, b.msp) })
	if err != nil {
		return 0, err
	}
	return time.Duration(f[fastest] * float64(time.Millisecond)), nil
}

// peak is the most memory that the process has had resident, in MB.
func peak() (float64, error) { return toldOf(os.Getpid(), "status", "VmHWM:") }

// toldOf reads a size from a file of what the system tells of a process, in MB.
func toldOf(pid int, file, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name {
			kib, err := strconv.ParseFloat(fields[1], 64)
			return kib * 1024 / 1e6, err
		}
	}
	return 0, fmt.Errorf("the system does not say %s of process %d", name, pid)
}
