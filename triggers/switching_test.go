package triggers_test

import (
	"strings"
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

var hookKey = triggers.Key{Workflow: "w", Trigger: "hook"}

func TestSwitching(t *testing.T) {
	b := setup(t, map[string]string{"w": hook(""), "off": strings.Replace(hook(", enabled: false"), "name: hook", "name: idle", 1)})
	fires := func(k triggers.Key, want string) {
		t.Helper()
		if a, _ := b.Book().Find(k); of(a) != want {
			t.Errorf("%s fires for %q, want %q", k, of(a), want)
		}
	}
	enable := func(w triggers.Switching) error { return b.Enable(ctx, w) }
	one := triggers.Switching{Key: hookKey, Organisations: []string{b.northwind.ID}, By: "ana"}
	whole := triggers.Switching{Key: hookKey, By: "ana"}

	faulttest.Must(t, b.Disable(ctx, one))
	fires(hookKey, "contoso")
	if d := b.decide(b.event(1)); d.Status != triggers.Skipped || !strings.Contains(d.Why, "switched off for this organisation by ana") {
		t.Errorf("decided as %+v", d)
	}
	faulttest.Must(t, b.Disable(ctx, whole))
	fires(hookKey, "")
	faulttest.Want(t, enable(one), fault.Conflict, "switched off altogether", "altogether first")
	faulttest.Must(t, enable(whole))
	fires(hookKey, "contoso")
	faulttest.Must(t, enable(one))
	fires(hookKey, "contoso northwind-dental")

	idle := triggers.Key{Workflow: "off", Trigger: "idle"}
	faulttest.Want(t, enable(triggers.Switching{Key: idle}), fault.Conflict, "enabled: false in off.yaml:4", "--override")
	fires(idle, "")
	faulttest.Must(t, enable(triggers.Switching{Key: idle, Organisations: []string{b.contoso.ID}, Override: true}))
	fires(idle, "contoso")
	faulttest.Must(t, enable(triggers.Switching{Key: idle, Override: true}))
	fires(idle, "contoso northwind-dental")
	b.again()
	fires(idle, "contoso northwind-dental")
	faulttest.Must(t, b.Disable(ctx, triggers.Switching{Key: idle}))
	fires(idle, "")

	faulttest.Want(t, enable(triggers.Switching{Key: triggers.Key{Workflow: "w", Trigger: "hok"}}), fault.Missing, "hook")
	faulttest.Want(t, enable(triggers.Switching{Key: triggers.Key{Workflow: "v", Trigger: "hook"}}), fault.Missing, "no workflow", "w")
	faulttest.Want(t, b.Disable(ctx, triggers.Switching{Key: hookKey, Organisations: []string{"nobody"}}), fault.Missing)
}
