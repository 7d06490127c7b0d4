// Child examines one file and does nothing else: the code that a court's server runs
// in its children, in a small program that starts at once. deploy/test.sh builds it
// for the tests that hand in pictures; those of package evidence and of the program
// make children of themselves, as a court's server does.
package main

import (
	"os"

	_ "microcourt/service/evidence" // whose init is the child
)

func main() {
	os.Exit(2) // it was not started as a child
}
