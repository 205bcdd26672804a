package orgs

import (
	"context"
	"fmt"

	"gantry/fault"
)

// CheckMappedUnder refuses to use the organisation's mapping with an instance when it was made under another
// one: client 12 of one Halo is another client in the next. A mapping that names no instance fits all.
func (s *Service) CheckMappedUnder(ctx context.Context, org Organisation, in Instance) error {
	m, ok, err := s.mapping(ctx, org.ID, in.Integration)
	if err != nil || !ok || m.InstanceID == "" || m.InstanceID == in.ID {
		return err
	}
	var names []string
	if err := s.read(ctx, &names, "SELECT name FROM instances WHERE id = ?", m.InstanceID); err != nil {
		return err
	}
	under := "an instance that is gone"
	if len(names) > 0 {
		under = fmt.Sprintf("%q", names[0])
	}
	return fault.New(fault.Tenant, "%s is mapped under %s, and this would use the mapping with %q: %s is another entity there.", org.Name, under, in.Name, m.ExternalID).
		WithHint("choose the instance by `use: mapping`, or map the organisation under this one: `gantry mappings set %s ID --org %s --instance %q`", in.Integration, org.Slug, in.Name)
}
