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
	switch {
	case err != nil || len(rest) < 2:
		return errUsage
	case rest[0] == "new" && len(rest) == 2:
		return writeKeys(rest[1])
	case rest[0] == "add" && len(rest) == 2:
		id := newKeyID()
		err := changeKeys(rest[1], func(f *keyFile) error {
			if f.Seal == nil || f.Seal[id] != "" {
				return fmt.Errorf("keys: %s has no sealing keys", rest[1])
			}
			f.Seal[id] = newKey()
			return nil
		})
		if err == nil {
			fmt.Fprintf(c.stdout, "%s is in the file, and not used yet: copy the file to every server and restart every process, "+
				"then run `microcourt keys activate %s %s`\n", id, rest[1], id)
		}
		return err
	case rest[0] == "activate" && len(rest) == 3:
		err := changeKeys(rest[1], func(f *keyFile) error {
			if f.Seal[rest[2]] == "" {
				return fmt.Errorf("keys: %s has no key %s", rest[1], rest[2])
			}
			f.Active = rest[2]
			return nil
		})
		if err == nil {
			fmt.Fprintf(c.stdout, "%s is the active key now: copy the file to every server and restart every process, then run `microcourt rekey`; "+
				"when it has ended the former key, that may leave the file\n", rest[2])
		}
		return err
	}
	return errUsage
}

// changeKeys changes a file of keys, which is replaced whole.
func changeKeys(path string, change func(*keyFile) error) error {
	f, err := readKeys(path)
	if err != nil {
		return err
	}
	if err := change(f); err != nil {
		return err
	}
	temp, err := f.write(filepath.Dir(path))
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("keys: %w", err)
	}
	return nil
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
