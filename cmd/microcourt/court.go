package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/administration"
)

func showCourt(c *call, a *app, code string) error {
	court, err := a.db.CourtByCode(c.ctx, code)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(administration.ParticularsOf(*court))
}

// setCourt replaces a court's particulars and settings by a file's. What had
// been planned by the old settings is planned anew.
func setCourt(c *call, a *app, code, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	var p administration.Particulars
	if err := web.DecodeJSON(file, &p, model.DateOf(time.Now())); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	court, err := a.db.CourtByCode(c.ctx, code)
	if err != nil {
		return err
	}
	return a.svc.Administration.SetCourt(c.ctx, model.System(), court.ID, p)
}
