//go:build !race

package sandbox

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_X86_64

// waitsHere are calls of this architecture's runtime.
var waitsHere = []uint32{unix.SYS_EPOLL_WAIT}

// testedHere are those whose arguments are tested: a new thread sets where its
// own data are.
var testedHere = []rule{{unix.SYS_ARCH_PRCTL, []test{{argument: 0, equals: []uint32{archSetFS}}}}}

const archSetFS = 0x1002 // ARCH_SET_FS of asm/prctl.h
