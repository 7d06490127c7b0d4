//go:build !race

package evidence

import "time"

// patience is how much longer a child may take than the one that serves a court. This
// package's tests raise it: what time a machine gives a child that compiles other
// things meanwhile is no property of the file.
var patience time.Duration = 1
