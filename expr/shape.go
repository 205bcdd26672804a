package expr

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/google/cel-go/common/types"

	"gantry/schema"
)

// errorType is the name of the schema type whose null value reads as one with empty fields, so that
// `error.message` can be written without asking first whether there is an error.
const errorType = "gantry.Error"

// secretType is what CEL knows of a secret: nothing that could be done with it.
var secretType = types.NewOpaqueType("gantry.secret")

// shape is what CEL knows of one object type. Its name is made from its content, so that equal types are
// one type to CEL wherever they come from.
type shape struct {
	name   string // "halo.Ticket@3f2a…" or "object@3f2a…"
	typ    *schema.Type
	fields map[string]*types.FieldType
	parts  map[string]*shape // every object type that can be reached, itself included
}

// shapes caches by pointer: catalogue types are used by thousands of environments. It is emptied when it
// is full, which costs time only, because environments keep what they need.
var shapes = struct {
	sync.RWMutex
	of map[*schema.Type]*shape
}{of: map[*schema.Type]*shape{}}

const maxShapes = 20_000

// shapeOf gives the shape of an object type. Types must not change once they have been used here.
func shapeOf(t *schema.Type) *shape {
	shapes.RLock()
	s := shapes.of[t]
	shapes.RUnlock()
	if s != nil {
		return s
	}
	b := &shapeBuilder{made: map[*schema.Type]*shape{}}
	s = b.build(t)
	for _, made := range b.made {
		b.finish(made)
	}
	shapes.Lock()
	defer shapes.Unlock()
	if len(shapes.of) > maxShapes {
		clear(shapes.of)
	}
	for typ, made := range b.made {
		if kept := shapes.of[typ]; kept == nil {
			shapes.of[typ] = made
		}
	}
	return s
}

// isObject tells whether CEL sees t as an object with declared fields. An open object without any and
// without a name is free JSON, which CEL knows as a map.
func isObject(t *schema.Type) bool {
	return t != nil && t.Kind == schema.KindObject && (len(t.Fields) > 0 || !t.Open || t.Name != "")
}

// shapeBuilder makes the shapes of one type and all that it reaches; types may contain themselves.
type shapeBuilder struct {
	made map[*schema.Type]*shape
	path []*schema.Type
}

func (b *shapeBuilder) build(t *schema.Type) *shape {
	if s := b.known(t); s != nil {
		return s
	}
	s := &shape{typ: t}
	b.made[t] = s
	b.path = append(b.path, t)
	var signature strings.Builder
	for _, f := range t.Fields {
		signature.WriteString(f.Name)
		if f.Required {
			signature.WriteByte('!')
		}
		b.sign(&signature, f.Type)
		signature.WriteString(f.Deprecated)
		signature.WriteByte(0)
	}
	if t.Open {
		signature.WriteString("open")
	}
	b.path = b.path[:len(b.path)-1]
	sum := sha256.Sum256([]byte(t.Name + "\x00" + signature.String()))
	s.name = objectName(t) + "@" + hex.EncodeToString(sum[:8])
	return s
}

func (b *shapeBuilder) known(t *schema.Type) *shape {
	if s := b.made[t]; s != nil {
		return s
	}
	shapes.RLock()
	defer shapes.RUnlock()
	return shapes.of[t]
}

func objectName(t *schema.Type) string {
	if t.Name != "" {
		return t.Name
	}
	return "object"
}

// sign writes what tells t from other types. A type inside itself is written as the distance to its
// outer self.
func (b *shapeBuilder) sign(w *strings.Builder, t *schema.Type) {
	if t == nil {
		w.WriteString("any")
		return
	}
	w.WriteString(string(t.Kind))
	if t.Nullable {
		w.WriteByte('?')
	}
	if t.Items != nil {
		w.WriteByte('<')
		b.sign(w, t.Items)
	}
	if !isObject(t) {
		return
	}
	for i, outer := range b.path {
		if outer == t {
			w.WriteString(strings.Repeat("^", len(b.path)-i))
			return
		}
	}
	w.WriteString(b.build(t).name)
}

// finish fills in the fields, which needs the names of all shapes.
func (b *shapeBuilder) finish(s *shape) {
	s.fields = make(map[string]*types.FieldType, len(s.typ.Fields))
	for i := range s.typ.Fields {
		f := &s.typ.Fields[i]
		reader := fieldReader{owner: s.typ, field: f}
		s.fields[f.Name] = &types.FieldType{Type: b.celType(f.Type), IsSet: reader.isSet, GetFrom: reader.get}
	}
	s.parts = map[string]*shape{}
	b.reach(s, s.parts)
}

func (b *shapeBuilder) reach(s *shape, found map[string]*shape) {
	if found[s.name] != nil {
		return
	}
	if s.parts != nil && b.made[s.typ] == nil {
		for name, part := range s.parts {
			found[name] = part
		}
		return
	}
	found[s.name] = s
	for i := range s.typ.Fields {
		for t := s.typ.Fields[i].Type; t != nil; t = t.Items {
			if isObject(t) {
				b.reach(b.known(t), found)
			}
		}
	}
}

func (b *shapeBuilder) celType(t *schema.Type) *types.Type {
	return celType(t, func(t *schema.Type) string { return b.known(t).name })
}

// celType gives the CEL type of a schema type; name gives the name of an object type.
func celType(t *schema.Type, name func(*schema.Type) string) *types.Type {
	if t == nil {
		return types.DynType
	}
	switch t.Kind {
	case schema.KindString:
		return nullable(t, types.StringType)
	case schema.KindInteger:
		return nullable(t, types.IntType)
	case schema.KindNumber:
		return nullable(t, types.DoubleType)
	case schema.KindBoolean:
		return nullable(t, types.BoolType)
	case schema.KindNull:
		return types.NullType
	case schema.KindSecret:
		return secretType
	case schema.KindList:
		return types.NewListType(celType(t.Items, name))
	case schema.KindMap:
		return types.NewMapType(types.StringType, celType(t.Items, name))
	case schema.KindObject:
		if isObject(t) {
			return types.NewObjectType(name(t))
		}
		return types.NewMapType(types.StringType, types.DynType)
	default:
		return types.DynType
	}
}

func nullable(t *schema.Type, plain *types.Type) *types.Type {
	if t.Nullable {
		return types.NewNullableType(plain)
	}
	return plain
}
