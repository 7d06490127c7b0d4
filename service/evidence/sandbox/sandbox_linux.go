//go:build linux && (amd64 || arm64) && !race

package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Filtered tells whether system calls are filtered on this system.
const Filtered = true

// Enter confines the process for good. Everything that needs a file must be
// done before. It returns an error when the kernel refuses; the caller must
// then end without reading the file.
func Enter(b Bounds) error {
	now, err := dataSize()
	if err != nil {
		return err
	}
	// The collector works harder near the bound; the kernel refuses what is over it.
	debug.SetMemoryLimit(b.Memory * 9 / 10)
	for _, l := range []struct {
		resource int
		max      uint64
	}{
		{unix.RLIMIT_DATA, uint64(now + b.Memory)},
		{unix.RLIMIT_CPU, uint64(b.CPU / time.Second)},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_FSIZE, 0},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.max, Max: l.max}); err != nil {
			return fmt.Errorf("limit %d: %w", l.resource, err)
		}
	}
	// The server's own work goes first: an upload beside a crowd of hostile files
	// shall not wait for them. A group of its own makes this hold for all threads.
	if err := unix.Setpgid(0, 0); err == nil {
		_ = unix.Setpriority(unix.PRIO_PGRP, 0, 10) // a courtesy, no bound
	}
	return filter(b.Compile)
}

// dataSize is what the kernel counts against RLIMIT_DATA now, in bytes. A
// build with cgo counts the stacks of its threads, 8 MB each.
func dataSize() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(status) {
		if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == "VmData:" {
			kb, err := strconv.ParseInt(string(f[1]), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no VmData")
}

// rule allows a call whose arguments pass all of its tests.
type rule struct {
	number uint32
	tests  []test
}

// test is about the low half of an argument; what is tested here is no longer.
type test struct {
	argument int
	equals   []uint32 // it is one of these, if there are any
	has, not uint32   // it has these bits, and none of those
}

// rules are the calls that Go's runtime needs for memory, threads, time and
// signals, and those that read and write what is open. Everything else is
// refused: open, socket, execve, kill, ptrace and what kernels will learn. What
// is allowed reaches this process alone: a signal goes to its own threads (self
// is its number), clone makes a thread and nothing else, and memory is private,
// because the bound on memory does not count what is shared; none of it becomes
// a program, unless the decoder is one that is compiled.
func rules(self int, compile bool) []rule {
	var list []rule
	for _, n := range append([]uint32{
		unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_FSTAT,
		unix.SYS_MUNMAP, unix.SYS_MADVISE,
		unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_GETRANDOM, unix.SYS_RESTART_SYSCALL,
		unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK,
		unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
		unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, // of the C library's threads
		unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2, // by which the runtime waits
	}, waitsHere...) {
		list = append(list, rule{number: n})
	}
	program := uint32(unix.PROT_EXEC)
	if compile {
		program = 0
	}
	const thread = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM | unix.CLONE_THREAD
	const ofLibrary = unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_CLEARTID | unix.CLONE_DETACHED
	return append(append(list, testedHere...),
		rule{unix.SYS_MMAP, []test{{argument: 2, not: program}, {argument: 3, has: unix.MAP_PRIVATE, not: unix.MAP_SHARED | unix.MAP_GROWSDOWN}}},
		rule{unix.SYS_MPROTECT, []test{{argument: 2, not: program | unix.PROT_GROWSDOWN | unix.PROT_GROWSUP}}},
		rule{unix.SYS_TGKILL, []test{{argument: 0, equals: []uint32{uint32(self)}}}},
		rule{unix.SYS_FCNTL, []test{{argument: 1, equals: []uint32{unix.F_GETFL}}}},
		rule{unix.SYS_CLONE, []test{{argument: 0, has: unix.CLONE_THREAD, not: ^uint32(thread | ofLibrary)}}},
	)
}

// Offsets in struct seccomp_data, and of the low half of its arguments.
const (
	offNumber   = 0
	offArch     = 4
	offArgument = 16
)

// program is the filter in the kernel's packet language: the architecture must
// be ours (else the numbers mean other calls), a call must have a rule and pass
// its tests, and clone3, whose flags a filter cannot see, does not exist, so
// that the C library falls back to clone.
func program(arch uint32, rules []rule) []unix.SockFilter {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		hasBit = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		answer = unix.BPF_RET | unix.BPF_K
	)
	refuse := unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	p := []unix.SockFilter{
		{Code: load, K: offArch},
		{Code: equal, K: arch, Jt: 1},
		{Code: answer, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: load, K: offNumber},
		{Code: equal, K: unix.SYS_CLONE3, Jf: 1},
		{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
	}
	for _, r := range rules {
		var body []unix.SockFilter
		for _, t := range r.tests {
			body = append(body, unix.SockFilter{Code: load, K: uint32(offArgument + 8*t.argument)})
			for i, v := range t.equals {
				body = append(body, unix.SockFilter{Code: equal, K: v, Jt: uint8(len(t.equals) - i)}) // over the others and the refusal
			}
			if len(t.equals) > 0 {
				body = append(body, refuse)
			}
			if t.has != 0 { // JSET tells of any bit, so that has is one
				body = append(body, unix.SockFilter{Code: hasBit, K: t.has, Jt: 1}, refuse)
			}
			if t.not != 0 {
				body = append(body, unix.SockFilter{Code: hasBit, K: t.not, Jf: 1}, refuse)
			}
		}
		body = append(body, unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ALLOW})
		p = append(append(p, unix.SockFilter{Code: equal, K: r.number, Jf: uint8(len(body))}), body...)
	}
	return append(p, refuse)
}

// filter installs the program over all threads at once.
func filter(compile bool) error {
	p := program(arch, rules(os.Getpid(), compile))
	fprog := &unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// Other threads get no_new_privs together with the filter.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(fprog))); errno != 0 { //nolint:gosec // the kernel copies the program
		return fmt.Errorf("seccomp: %w (a unit's SystemCallFilter must let @sandbox through)", errno)
	}
	return nil
}
