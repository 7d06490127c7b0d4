package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

func init() { patience = 10 }

// Differing counts the cells in which two fingerprints differ.
func Differing(a, b Fingerprint) int { return differing(a, b) }

// Signalled gives b to a child that gets the signal in the middle of it.
func Signalled(ctx context.Context, b []byte, s os.Signal) (*Report, error) {
	pr, err := start("")
	if err != nil {
		return nil, err
	}
	middle := readerFunc(func([]byte) (int, error) {
		_ = pr.cmd.Process.Signal(s) // the answer tells
		return 0, io.EOF
	})
	n := len(b) - 1000
	rep, _, err := pr.do(ctx, job{Size: int64(len(b)), Memory: childMemory}, io.MultiReader(bytes.NewReader(b[:n]), middle, bytes.NewReader(b[n:])))
	return rep, err
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// Commands tells of which program a child is made.
func Commands() (string, error) {
	pr, err := start("")
	if err != nil {
		return "", err
	}
	defer pr.end()
	return strings.Join(append([]string{pr.cmd.Path}, pr.cmd.Args[1:]...), " "), nil
}

// All reads the copies.
func (c *Copies) All() (*Views, error) {
	if c == nil {
		return nil, nil //nolint:nilnil // none were made
	}
	defer c.Close()
	v := &Views{Fingerprint: c.Fingerprint}
	var err [3]error
	v.View, err[0] = io.ReadAll(c.View())
	v.Thumb, err[1] = io.ReadAll(c.Thumb())
	tiles, rerr := io.ReadAll(c.Tiles())
	err[2] = rerr
	for _, n := range c.Lengths() {
		v.Tiles, tiles = append(v.Tiles, tiles[:n]), tiles[n:]
	}
	return v, errors.Join(err[:]...)
}

// Unconfined does with a file in this process what a child does with it.
func Unconfined(file []byte) (*Views, error) {
	rep, err := examine(file)
	if err != nil {
		return nil, err
	}
	return decoded(file, rep)
}
