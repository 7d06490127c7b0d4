// Package browser is empty but for its tests: people at the desk and on the
// public pages, in a real browser. They are here because nothing else should be
// linked with the browser's driver, and because they need a machine with
// Chromium.
//
// What a form says without scripts is tested in handler; here is what only a
// browser shows: keys, what a page does by itself, what survives a mistake, and
// whether every page can be used by everybody (axe).
package browser
