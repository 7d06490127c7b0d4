//go:build race

package evidence

import "time"

// patience is how much longer a child takes under the race detector.
var patience time.Duration = 10
