package main

import (
	"encoding/json"
	"fmt"
	"os"

	"microcourt/model"
	"microcourt/storage"
)

// courtFile is what `court show` prints and `court set` reads.
type courtFile struct {
	Name      string              `json:"name"`
	ShortName string              `json:"short_name"`
	Phone     string              `json:"phone"`
	Address   string              `json:"address"`
	Account   string              `json:"account"`
	Settings  model.CourtSettings `json:"settings"`
}

func showCourt(c *call, a *app, code string) error {
	court, err := a.db.CourtByCode(c.ctx, code)
	if err != nil {
		return err
	}
	f := courtFile{court.Name, court.ShortName, court.Phone, court.Address, court.Account, court.Settings.Filled()}
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(f)
}

// setCourt replaces a court's particulars and settings by a file's. What had
// been planned by the old settings is planned anew.
func setCourt(c *call, a *app, code, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	dec := json.NewDecoder(file)
	dec.DisallowUnknownFields()
	var f courtFile
	if err := dec.Decode(&f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := f.Settings.Check(); err != nil {
		return err
	}
	return a.db.Transact(c.ctx, func(tx *storage.DB) error {
		court, err := tx.CourtByCode(c.ctx, code)
		if err != nil {
			return err
		}
		before := *court
		court.Name, court.ShortName, court.Phone, court.Address, court.Account, court.Settings = f.Name, f.ShortName, f.Phone, f.Address, f.Account, f.Settings
		if err := tx.UpdateCourt(c.ctx, court); err != nil {
			return err
		}
		if err := tx.MarkAllStale(c.ctx); err != nil {
			return err
		}
		return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{
			CourtID: court.ID, Action: "court.set", Subject: model.Subject("court", court.ID), Before: before, After: court,
		})
	})
}
