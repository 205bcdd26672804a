package expr

import (
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// adapter makes CEL values of the data model without copying lists and maps; it implements types.Adapter.
type adapter struct{}

// NativeToValue implements types.Adapter.
func (a adapter) NativeToValue(v any) ref.Val {
	switch v := v.(type) {
	case nil:
		return types.NullValue
	case ref.Val:
		return v
	case string:
		return types.String(v)
	case bool:
		return types.Bool(v)
	case int64:
		return types.Int(v)
	case float64:
		return types.Double(v)
	case map[string]any:
		return &mapVal{v}
	case []any:
		return &listVal{v}
	case map[ref.Val]ref.Val:
		return &orderedMap{types.NewRefValMap(a, v)}
	case []ref.Val:
		return types.NewRefValList(a, v)
	case Object:
		return &objectVal{v}
	case Secret:
		return &secretVal{v}
	case Text:
		return &textVal{v}
	case time.Time:
		return types.Timestamp{Time: v}
	case time.Duration:
		return types.Duration{Duration: v}
	case int:
		return types.Int(v)
	default:
		return types.DefaultTypeAdapter.NativeToValue(v)
	}
}
