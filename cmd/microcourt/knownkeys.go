package main

import (
	"errors"
	"reflect"
)

// structProvider gives koanf the keys that Config has.
type structProvider struct{ c *Config }

// Read implements koanf.Provider.
func (s structProvider) Read() (map[string]any, error) { return keysOf(reflect.TypeOf(*s.c)), nil }

// ReadBytes implements koanf.Provider; the keys have no text.
func (structProvider) ReadBytes() ([]byte, error) {
	return nil, errors.New("the configuration's keys are not text")
}

func keysOf(t reflect.Type) map[string]any {
	out := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Type.Kind() == reflect.Struct {
			out[f.Tag.Get("koanf")] = keysOf(f.Type)
			continue
		}
		out[f.Tag.Get("koanf")] = true
	}
	return out
}
