//go:build race

package evidence

// patience is how much longer a child takes under the race detector.
const patience = 10
