// Package server is the life of one Gantry process: its parts put together, its listeners, the files that it
// watches, its health, metrics and traces, and how it ends.
package server
