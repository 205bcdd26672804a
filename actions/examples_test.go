package actions_test

import (
	"fmt"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/fault"
	"gantry/sandbox/halo"
)

// ofAnyHalo are the actions whose examples name what the simulator begins without: something that only one
// Halo has, such as a webhook. Called as they are they get the answer that there is no such thing.
func ofAnyHalo(id string) bool {
	_, name, _ := strings.Cut(id, ".")
	return strings.HasPrefix(name, "delete_") || strings.HasSuffix(name, "_webhook") || strings.HasSuffix(name, "_webhook_event") ||
		name == "get_notification" || name == "add_or_update_notifications"
}

// TestExamplesWork calls every example of the handbook just as it stands there: it is what people copy first.
func TestExamplesWork(t *testing.T) {
	for _, a := range actions.Builtin().Actions() {
		if !a.NeedsInstance() {
			continue
		}
		for i, e := range a.Examples {
			t.Run(fmt.Sprintf("%s/%d", a.ID, i), func(t *testing.T) {
				t.Parallel()
				out := setup(t, halo.Options{}).call(a.ID, e.With)
				if out.Err == nil || ofAnyHalo(a.ID) && notThere(out.Err) {
					return
				}
				t.Errorf("%s\nhint: %s\ndetail: %v", out.Err.Message, out.Err.Hint, out.Err.Detail)
			})
		}
	}
}

func notThere(f *fault.Error) bool {
	return f.Code == fault.NotFound || strings.Contains(f.Message, "does not exist")
}
