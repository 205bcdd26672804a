package workflow

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzCheck: whatever a file says, it is parsed and checked without a panic and in bounded time, and a
// workflow comes out exactly when there is no error.
func FuzzCheck(f *testing.F) {
	files, _ := filepath.Glob("testdata/check/*.yaml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	world := testWorld(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		wf, ds := checkText(world, "x", "x.yaml", text)
		if (wf == nil) != ds.HasErrors() {
			t.Errorf("workflow is nil: %v, diagnostics: %v", wf == nil, ds)
		}
		for _, d := range ds {
			if d.Message == "" || d.Code == "" || d.Pos.File != "x.yaml" || d.Pos.Line == 0 {
				t.Errorf("a diagnostic without place, code or message: %+v", d)
			}
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
