package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"microcourt/model"
)

// acceptable are the marks that an operator may confirm. Keys are not among
// them: other keys cannot become right.
var acceptable = []model.MarkKind{model.MarkObjects, model.MarkApp, model.MarkServiceApp, model.MarkCertificate}

// acceptKinds reads a list of acceptable marks.
func acceptKinds(list string) (kinds []model.MarkKind, ok bool) {
	if list == "" {
		return nil, true
	}
	for name := range strings.SplitSeq(list, ",") {
		kinds = append(kinds, model.MarkKind(name))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds), !slices.ContainsFunc(kinds, func(k model.MarkKind) bool { return !slices.Contains(acceptable, k) })
}

// installationCommand shows by what this installation knows its parts, and
// confirms a change that a start would refuse.
func installationCommand(c *call) error {
	rest, err := c.parse()
	if err != nil || len(rest) == 0 {
		return errUsage
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	switch {
	case rest[0] == "show" && len(rest) == 1:
	case rest[0] == "accept" && len(rest) == 2 && slices.Contains(acceptable, model.MarkKind(rest[1])):
		cfg.accept = []model.MarkKind{model.MarkKind(rest[1])}
		c.band(cfg)
		a, err := openApp(c.ctx, cfg, c.logger(cfg))
		if err != nil {
			return err
		}
		if err := a.close(); err != nil {
			return err
		}
	default:
		return errUsage
	}
	db, err := openDB(c.ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	marks, err := db.Marks(c.ctx, append([]model.MarkKind{model.MarkSealKey, model.MarkLookupKey, model.MarkAuditKey}, acceptable...)...)
	for _, m := range marks {
		value := m.Value
		if m.Kind == model.MarkCertificate {
			value = "" // its name is its fingerprint
		} else if !slices.Contains(acceptable, m.Kind) {
			value = "check " + value[:12]
		}
		fmt.Fprintf(c.stdout, "%s\t%s\t%s\t%s\t%s\n", m.Kind, m.Name, m.State, m.CreatedAt.Format("2006-01-02"), value)
	}
	return err
}

func keysCommand(c *call) error {
	rest, err := c.parse()
	if err != nil || len(rest) != 2 {
		return errUsage
	}
	switch rest[0] {
	case "new":
		return writeKeys(rest[1])
	case "add":
		id, err := addKey(rest[1])
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s is the active key now; restart every process, then run `microcourt rekey`\n", id)
		return nil
	}
	return errUsage
}

// addKey adds a sealing key to a file of keys and makes it the active one. The
// file is replaced whole.
func addKey(path string) (id string, err error) {
	f, err := readKeys(path)
	if err != nil {
		return "", err
	}
	f.Active = newKeyID()
	if f.Seal == nil || f.Seal[f.Active] != "" {
		return "", fmt.Errorf("keys: %s has no sealing keys", path)
	}
	f.Seal[f.Active] = newKey()
	temp, err := f.write(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	if err := os.Rename(temp, path); err != nil {
		_ = os.Remove(temp)
		return "", fmt.Errorf("keys: %w", err)
	}
	return f.Active, nil
}

func readKeys(path string) (*keyFile, error) {
	k := koanf.New("/")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	var f keyFile
	if err := k.Unmarshal("", &f); err != nil {
		return nil, fmt.Errorf("keys: %s cannot be read as YAML", path) // the error could quote a key
	}
	return &f, nil
}
