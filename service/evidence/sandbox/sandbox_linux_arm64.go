//go:build !race

package sandbox

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_AARCH64

var (
	waitsHere  []uint32
	testedHere []rule
)
