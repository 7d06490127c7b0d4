//go:build !race

package evidence

// patience is how much longer a child takes than the one that serves a court.
const patience = 1
