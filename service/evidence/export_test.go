package evidence

// Differing counts the cells in which two fingerprints differ.
func Differing(a, b Fingerprint) int { return differing(a, b) }
