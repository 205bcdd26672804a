package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"

	"gantry/fault"
)

// SocketFile is the socket of a server in its data directory. Who may open it may do everything.
const SocketFile = "gantry.sock"

// longestSocket is how long the path of a socket may be, in bytes: one less than the kernel's field.
const longestSocket = len(unix.RawSockaddrUnix{}.Path) - 1

// Listen opens the socket of a server in its data directory, for this user alone. The caller owns the directory (it
// holds its lock), so that a socket that lies there is one that a killed process left. Close removes it.
func Listen(dir string) (net.Listener, error) {
	path := filepath.Join(dir, SocketFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.Wrap(err, fault.Storage, "the socket %s of an earlier server cannot be removed: %s", path, err)
	}
	var l net.Listener
	err := atSocket(dir, func(path string) error {
		var err error
		if l, err = net.Listen("unix", path); err != nil {
			return err
		}
		l.(*net.UnixListener).SetUnlinkOnClose(false) // by the long path, below
		return os.Chmod(path, 0o600)                  // nobody can enter the directory meanwhile: it is this user's
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "the socket %s cannot be opened: %s", path, err)
	}
	return &socket{l, path}, nil
}

type socket struct {
	net.Listener
	path string
}

// Close ends the socket and removes its file.
func (s *socket) Close() error {
	return errors.Join(s.Listener.Close(), os.Remove(s.path))
}

// atSocket calls do with a path of a directory's socket that is short enough for the kernel.
func atSocket(dir string, do func(path string) error) error {
	path := filepath.Join(dir, SocketFile)
	if len(path) <= longestSocket {
		return do(path)
	}
	if runtime.GOOS != "linux" {
		return fmt.Errorf("its path is longer than %d bytes", longestSocket)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return do(fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), SocketFile))
}

// HasSocket tells whether there is a socket in a data directory; nobody may be behind it.
func HasSocket(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, SocketFile))
	return err == nil && info.Mode().Type() == os.ModeSocket
}

// OverSocket gives a client of the server that owns a data directory.
func OverSocket(dir string) *Client {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (conn net.Conn, err error) {
		err = atSocket(dir, func(path string) error {
			conn, err = (&net.Dialer{}).DialContext(ctx, "unix", path)
			return err
		})
		return conn, err
	}}
	return newClient(&url.URL{Scheme: "http", Host: "gantry"}, "", dir, transport)
}
