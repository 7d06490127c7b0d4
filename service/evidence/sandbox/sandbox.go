// Package sandbox confines the process that parses a stranger's file, so that a
// fault in a parser costs one upload and nothing else: no memory beyond a
// budget, no processor time beyond a few seconds, no sockets, no new
// processes, no files. It needs no namespaces and no privileges, so it works
// without root, in a container and in a hardened unit (no_new_privs).
package sandbox

import "time"

// Bounds are what the confined process may use.
type Bounds struct {
	Memory int64         // bytes of private memory beyond what the process has now
	CPU    time.Duration // processor time from the process's start, whole seconds
	// Compile lets the process make machine code, as a decoder in WebAssembly does.
	Compile bool
}

// Env is the environment that a process needs to keep its bound on memory, and
// all that it should have. The collector stops the program while it works: beside
// it, on a machine that is overloaded, an honest program took 46 MB more in the
// milliseconds in which the collector's own thread did not get its turn.
func Env() []string {
	return []string{"GOMAXPROCS=2", "GOGC=100", "GODEBUG=gcstoptheworld=1", "GOTRACEBACK=none"}
}
