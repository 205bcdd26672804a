package graph

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/engine/workflow"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t *testing.T) *workflow.Library {
	t.Helper()
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no testdata", err)
	}
	var files []workflow.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, workflow.File{ID: strings.TrimSuffix(filepath.Base(name), ".yaml"), Name: name, Text: text})
	}
	library, ds := workflow.LoadAll(files, workflow.World{})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return library
}

// TestDrawings holds the drawings of testdata against their golden files: look at them after -update.
func TestDrawings(t *testing.T) {
	for _, w := range load(t).All() {
		for ending, text := range map[string]string{".mmd": Of(w).Mermaid(), ".svg": Of(w).SVG()} {
			golden := filepath.Join("testdata", w.ID+ending)
			if *update {
				if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), text); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		}
	}
}

// TestLaws draws graphs of any shape: the SVG is well-formed, nothing lies on anything else, and all of
// it is inside of the picture.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph(t)
		wellFormed(t, g.SVG())
		l := layOut(g)
		for _, layer := range l.layers {
			for i, b := range layer {
				if math.IsNaN(b.x) || b.x-b.width/2 < 0 || b.x+b.width/2 > l.width || b.y-b.height/2 < 0 || b.y+b.height/2 > l.height {
					t.Fatalf("a box is outside of the picture: %+v", *b)
				}
				if i > 0 && layer[i-1].x+layer[i-1].width/2 > b.x-b.width/2+0.01 {
					t.Fatalf("boxes overlap: %+v and %+v", *layer[i-1], *b)
				}
			}
		}
		for i, chain := range l.chains {
			for k := 1; k < len(chain); k++ {
				if chain[k].layer != chain[k-1].layer+1 {
					t.Fatalf("edge %d jumps from layer %d to %d", i, chain[k-1].layer, chain[k].layer)
				}
			}
		}
	})
}

func anyGraph(t *rapid.T) *Graph {
	g := &Graph{Title: rapid.String().Draw(t, "title")}
	n := rapid.IntRange(1, 25).Draw(t, "nodes")
	shapes := rapid.SampledFrom([]Shape{Task, Task, Task, Handled, Fail, End, Start})
	for i := range n {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprintf("n%d", i), Shape: shapes.Draw(t, "shape"), Name: rapid.String().Draw(t, "name")})
	}
	node := rapid.IntRange(0, n-1)
	for range rapid.IntRange(0, 40).Draw(t, "edges") {
		g.Edges = append(g.Edges, Edge{From: node.Draw(t, "from"), To: node.Draw(t, "to"), Tone: Normal,
			Label: rapid.SliceOfN(rapid.String(), 0, 2).Draw(t, "label")})
	}
	return g
}

func wellFormed(t *rapid.T, text string) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the SVG is not well-formed: %s\n%s", err, text)
		}
	}
}
