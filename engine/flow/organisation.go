package flow

// actingFor gives the names that a unit's values see and the organisation it acts for; asked says that the
// organisation has to be found first.
func (s *State) actingFor(e *Execution, u *unitState, id Unit) (names *names, orgID string, asked bool, err error) {
	names = s.taskNames(e, id.Item)
	if e.Task.Org == nil {
		return names, "", false, nil
	}
	name, err := s.evalText(e.Task.Org, names)
	if err != nil {
		return names, "", false, err
	}
	org, known := s.others[name]
	if !known {
		u.asking = true
		e.mark(u, Queued)
		s.do(FindOrganisation{id, name})
		return names, "", true, nil
	}
	orgID, _ = org["id"].(string)
	return names.set("org", org), orgID, false, nil
}

func (s *State) organisationFound(e *Execution, u *unitState, ev OrganisationFound) {
	if !u.asking {
		return
	}
	u.asking = false
	if ev.Error != nil {
		s.endUnit(e, u, ev.Unit, Outcome{Error: ev.Error, Repeatable: true})
		return
	}
	s.others[ev.Name] = ev.Org
	if s.paused {
		s.hold(u, ev.Unit)
		return
	}
	s.attempt(e, u, ev.Unit)
}
