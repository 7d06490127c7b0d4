package evidence

import _ "unsafe" // for the link below

// dynamic is the decoder's own switch between the machine's libheif, which its
// package looks for when the program starts, and the one that it carries,
// which runs inside WebAssembly. It is switched off whatever was found: a file
// of a stranger is never parsed by native code. Building with the tag nodynamic
// leaves the search out as well; this holds for plain `go run`, too.
//
//go:linkname dynamic github.com/gen2brain/heic.dynamic
var dynamic bool
