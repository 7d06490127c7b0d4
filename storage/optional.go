package storage

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"

	"gorm.io/gorm/schema"
)

// optional is the gorm serializer behind the tag `serializer:optional`: a
// reference to nothing is 0 in the program and NULL in a column with a foreign
// key.
type optional struct{}

func init() { schema.RegisterSerializer("optional", optional{}) }

// Scan implements schema.SerializerInterface.
func (optional) Scan(ctx context.Context, f *schema.Field, dst reflect.Value, v any) error {
	var n sql.NullInt64
	if err := n.Scan(v); err != nil {
		return fmt.Errorf("%s.%s: %w", f.Schema.Table, f.DBName, err)
	}
	f.ReflectValueOf(ctx, dst).SetInt(n.Int64)
	return nil
}

// Value implements schema.SerializerValuerInterface.
func (optional) Value(_ context.Context, _ *schema.Field, _ reflect.Value, v any) (any, error) {
	if n, ok := v.(int64); !ok || n != 0 {
		return v, nil
	}
	return nil, nil //nolint:nilnil // NULL
}
