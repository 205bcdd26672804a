package orgs

import (
	"context"
	"strings"

	"gantry/expr"
	"gantry/fault"
)

const exportHead = `# Organisations of %MSP%, as gantry orgs export writes them and gantry orgs apply reads them.
# Secrets are never in here: ` + "`keep`" + ` leaves the stored one; in its place {from: env:NAME} or {from: file:PATH} sets it.
`

// ExportYAML writes the organisations, all that live, with what belongs to them as a file for Apply. Of
// secrets it has the names only.
func (s *Service) ExportYAML(ctx context.Context) ([]byte, error) {
	st, err := loadState(s.readers(ctx), true)
	if err != nil {
		return nil, err
	}
	if st.root == "" {
		return nil, fault.New(fault.Missing, "There is no organisation yet.")
	}
	e := &exporter{state: st}
	root := st.byID[st.root]
	e.b.WriteString(strings.Replace(exportHead, "%MSP%", root.Name, 1))
	e.line(0, "msp", root.Slug)
	e.b.WriteString("organisations:\n")
	for _, org := range st.walk() {
		if err := e.organisation(org); err != nil {
			return nil, err
		}
	}
	return []byte(e.b.String()), nil
}

// exporter writes a file line by line: what an organisation is comes before what it has.
type exporter struct {
	*state
	b strings.Builder
}

func (e *exporter) indent(depth int) { e.b.WriteString(strings.Repeat("  ", depth)) }

// line writes `key: text`.
func (e *exporter) line(depth int, key, text string) {
	e.indent(depth)
	e.b.WriteString(expr.YAMLText(key) + ": " + expr.YAMLText(text) + "\n")
}

// head writes `key:`, for what follows below it.
func (e *exporter) head(depth int, key string) {
	e.indent(depth)
	e.b.WriteString(expr.YAMLText(key) + ":\n")
}

func (e *exporter) data(depth int, key string, value any) error {
	text, err := expr.YAMLBlock(value, depth+1)
	e.indent(depth)
	e.b.WriteString(expr.YAMLText(key) + ":" + text)
	return err
}

func (e *exporter) organisation(org Organisation) error {
	e.b.WriteString("  - slug: " + expr.YAMLText(org.Slug) + "\n")
	e.line(2, "name", org.Name)
	if org.ParentID != "" {
		e.line(2, "parent", e.byID[org.ParentID].Slug)
	}
	if len(org.Tags) > 0 {
		quoted := make([]string, len(org.Tags))
		for i, tag := range org.Tags {
			quoted[i] = expr.YAMLText(tag)
		}
		e.indent(2)
		e.b.WriteString("tags: [" + strings.Join(quoted, ", ") + "]\n")
	}
	if !org.Enabled {
		e.indent(2)
		e.b.WriteString("enabled: false\n")
	}
	for _, section := range []func(Organisation) error{e.variablesOf, e.instancesOf, e.mappingsOf} {
		if err := section(org); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) variablesOf(org Organisation) error {
	names := e.variableNames(org.ID)
	if len(names) > 0 {
		e.head(2, "variables")
	}
	for _, name := range names {
		if err := e.variable(name, e.variables[name][org.ID]); err != nil {
			return err
		}
	}
	return nil
}

// variable writes the short form where that says all: `name: value`.
func (e *exporter) variable(name string, row variableRow) error {
	if row.Type == TypeSecret {
		e.head(3, name)
		e.line(4, "secret", "keep")
		e.local(row)
		return nil
	}
	value, err := decodeData("the variable "+name, row.Value.String)
	if err != nil {
		return err
	}
	value = plainNumber(value)
	if row.Type != TypeObject && !row.Local {
		return e.data(3, name, value)
	}
	e.head(3, name)
	err = e.data(4, "value", value)
	e.local(row)
	return err
}

func (e *exporter) local(row variableRow) {
	if row.Local {
		e.indent(4)
		e.b.WriteString("local: true\n")
	}
}

func (e *exporter) instancesOf(org Organisation) error {
	rows := e.instances[org.ID]
	if len(rows) > 0 {
		e.head(2, "instances")
	}
	for _, row := range rows {
		config, err := decodeData("the configuration of "+row.Name, row.Config)
		if err != nil {
			return err
		}
		e.b.WriteString("      - integration: " + expr.YAMLText(row.Integration) + "\n")
		e.line(4, "name", row.Name)
		if err := e.data(4, "default", row.Default); err != nil {
			return err
		}
		if err := e.data(4, "config", config); err != nil {
			return err
		}
		fields := e.secretFields(row)
		if len(fields) > 0 {
			e.head(4, "secrets")
		}
		for _, field := range fields {
			e.line(5, field, "keep")
		}
	}
	return nil
}

func (e *exporter) mappingsOf(org Organisation) error {
	all := e.mappings[org.ID]
	if len(all) > 0 {
		e.head(2, "mappings")
	}
	for _, integration := range sortedKeys(all) {
		m := all[integration]
		e.head(3, integration)
		e.line(4, "id", m.ExternalID)
		if m.ExternalName != "" {
			e.line(4, "name", m.ExternalName)
		}
		if in, there := e.instance(m.InstanceID); there {
			e.head(4, "instance")
			e.line(5, "organisation", e.byID[in.OrganisationID].Slug)
			e.line(5, "name", in.Name)
		}
		if m.Shared {
			e.indent(4)
			e.b.WriteString("shared: true\n")
		}
	}
	return nil
}
