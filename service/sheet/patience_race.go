//go:build race

package sheet

// patience is how much longer a file waits under the race detector, where what it
// waits for takes longer.
const patience = 10
