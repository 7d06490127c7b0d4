package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"

	"microcourt/model"
	"microcourt/service/evidence"
)

// verdict is what the command examine prints.
type verdict struct {
	Accepted bool          `json:"accepted"`
	Reason   string        `json:"reason,omitempty"`
	Message  string        `json:"message,omitempty"`
	Cause    string        `json:"cause,omitempty"`
	Type     evidence.Type `json:"type,omitempty"`
	Width    int           `json:"width,omitempty"`
	Height   int           `json:"height,omitempty"`
	Pages    int           `json:"pages,omitempty"`
	Tiles    int           `json:"tiles,omitempty"`
	Confined bool          `json:"confined"`
}

// examineFile does with the file on standard input what the server does with an
// upload, in a child of the same kind and with the same bounds, and prints the
// verdict as JSON. It needs no configuration. The children themselves are this
// same command, told by their environment (package evidence).
func examineFile(c *call) error {
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errors.Join(errUsage, err)
	}
	file, err := io.ReadAll(io.LimitReader(os.Stdin, model.MaxFileBytes+1))
	if err != nil {
		return err
	}
	pool := evidence.Shared()
	defer pool.Close()
	rep, copies, err := pool.Views(c.ctx, bytes.NewReader(file), int64(len(file)))
	if copies != nil {
		copies.Close()
	}
	v := verdict{Accepted: err == nil, Confined: evidence.Confined()}
	if e, ok := errors.AsType[*model.Error](err); ok {
		v.Reason, v.Message, v.Cause = e.Reason, e.Message, err.Error()
	} else if err != nil {
		return err
	} else {
		v.Type, v.Width, v.Height, v.Pages, v.Tiles = rep.Type, rep.Width, rep.Height, rep.Pages, model.TilesOf(rep.Width, rep.Height)
	}
	return json.NewEncoder(c.stdout).Encode(v)
}
