package orgs_test

import (
	"fmt"
	"testing"

	"gantry/orgs"
)

// What every run asks: who the organisation is, its facts, and its instance.
func BenchmarkRun(b *testing.B) {
	w := setup(b)
	w.halo(b, w.msp, "main")
	for i := range 20 {
		w.set(b, w.msp, fmt.Sprintf("shared_%d", i), orgs.TypeString, "value")
		w.set(b, w.contosoLabs, fmt.Sprintf("own_%d", i), orgs.TypeString, "value")
	}
	b.Run("BySlug", func(b *testing.B) {
		for b.Loop() {
			_, err := w.BySlug(ctx, "contoso-labs")
			must(b, err)
		}
	})
	b.Run("Facts", func(b *testing.B) {
		for b.Loop() {
			_, err := w.Facts(ctx, w.contosoLabs.ID)
			must(b, err)
		}
	})
	b.Run("Resolve", func(b *testing.B) {
		for b.Loop() {
			_, err := w.Resolve(ctx, w.contosoLabs, "halo", "HaloPSA", orgs.Lent{Trigger: &orgs.Override{Use: orgs.UseDefault}})
			must(b, err)
		}
	})
}

// Importing the clients of a large MSP: an organisation and its mapping each.
func BenchmarkImport2000(b *testing.B) {
	for b.Loop() {
		w := setup(b)
		for i := range 2000 {
			org := w.create(b, fmt.Sprintf("client-%d", i), fmt.Sprintf("Client %d", i), "")
			must(b, w.SetMapping(ctx, org.ID, "halo", "", fmt.Sprint(i), org.Name))
		}
	}
}
