//go:build !race

package sheet

// patience is how much longer a file waits than in the server of a court.
const patience = 1
