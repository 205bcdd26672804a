package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

var errInterrupted = errors.New("interrupted")

// world is what the subjects share: where they are installed, a scratch folder, and the server that is called.
type world struct {
	installed, work string
	target          string // address
	server          *exec.Cmd
	interrupted     chan os.Signal
}

// open starts the target: the benchmark's own, a process of its own.
func (w *world) open() error {
	bench := filepath.Join(w.work, "bench")
	if err := command("", nil, "go", "build", "-o", bench, "./bench"); err != nil {
		return fmt.Errorf("run it in the project's folder: %w", err)
	}
	w.server = exec.Command(bench, "target")
	out, err := w.server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := w.server.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	w.target = strings.TrimSpace(strings.TrimPrefix(line, "listening"))
	return err
}

func (w *world) close() {
	if w.server != nil && w.server.Process != nil {
		_ = w.server.Process.Kill()
		_ = w.server.Wait()
	}
}

func (w *world) stopped() bool {
	select {
	case <-w.interrupted:
		return true
	default:
		return false
	}
}

// scratch makes a folder for one subject's data.
func (w *world) scratch(name string) (string, error) { return os.MkdirTemp(w.work, name+"-") }

// node installs a package of npm with what it needs, once.
func (w *world) node(name, manifest string) (folder string, err error) {
	folder = filepath.Join(w.installed, name)
	if _, err := os.Stat(filepath.Join(folder, "complete")); err == nil {
		return folder, nil
	}
	fmt.Fprintf(os.Stderr, "  installing %s\n", name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "package.json"), []byte(manifest), 0o644); err != nil {
		return "", err
	}
	if err := command(folder, nil, "npm", "install", "--no-audit", "--no-fund"); err != nil {
		return "", err
	}
	return folder, os.WriteFile(filepath.Join(folder, "complete"), nil, 0o644)
}

// command runs a program to its end; its output is told only when it fails.
func command(folder string, env []string, name string, args ...string) error {
	_, err := output(folder, env, name, args...)
	return err
}

func output(folder string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, lastLines(string(out)), lastLines(problems.String()))
	}
	return string(out), err
}

func lastLines(text string) string {
	lines := strings.SplitAfter(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "")
}

// server is a subject's process and all it has started.
type server struct {
	cmd   *exec.Cmd
	log   *os.File
	ended chan struct{}
}

// serve starts a process in a group of its own and waits until ready holds.
func serve(folder string, env []string, ready func() bool, name string, args ...string) (*server, error) {
	log, err := os.Create(filepath.Join(folder, "server.log"))
	if err != nil {
		return nil, err
	}
	s := &server{exec.Command(name, args...), log, make(chan struct{})}
	s.cmd.Dir, s.cmd.Env = folder, append(os.Environ(), env...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // it was killed, or has said why
		close(s.ended)
	}()
	for began := time.Now(); !ready(); {
		select {
		case <-s.ended:
			return nil, fmt.Errorf("%s has ended:\n%s", filepath.Base(name), s.said())
		case <-time.After(100 * time.Millisecond):
		}
		if time.Since(began) > 2*time.Minute {
			s.close()
			return nil, fmt.Errorf("%s is not ready after two minutes:\n%s", filepath.Base(name), s.said())
		}
	}
	return s, nil
}

func (s *server) said() string {
	_, _ = s.log.Seek(0, io.SeekStart)
	text, _ := io.ReadAll(s.log) // what can be read helps
	return lastLines(string(text))
}

func (s *server) close() {
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
	_ = s.log.Close()
}

// freePort gives a port of loopback that nobody listens on at the moment.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func listens(port string) func() bool {
	return func() bool {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}
}
