package workflow

import (
	"regexp"
	"strings"

	"gantry/source"
)

// mentions is what the texts of a YAML value say of ctx, tasks and org.vars, found without parsing them:
// rather too much than too little. It orders the work of typing, and names what has to be declared so
// that the checker can say itself what is wrong with it.
type mentions struct {
	ctx, tasks, orgVars map[string]bool
	wholeCtx            bool // ctx as a whole, or by a computed name
	wholeTasks          bool
}

var (
	mentionPattern = regexp.MustCompile(`\b(ctx|tasks)\b(?:\s*\.\s*\??\s*([A-Za-z_][A-Za-z0-9_]*)|\s*\[\s*\??\s*(?:"([^"]*)"|'([^']*)')\s*\])?`)
	orgVarPattern  = regexp.MustCompile(`\borg\s*\.\s*\??\s*vars(?:\s*\.\s*\??\s*([A-Za-z_][A-Za-z0-9_]*)|\s*\[\s*\??\s*(?:"([^"]*)"|'([^']*)')\s*\])`)
)

func mentionsOf(nodes ...*source.Node) *mentions {
	m := &mentions{ctx: map[string]bool{}, tasks: map[string]bool{}, orgVars: map[string]bool{}}
	for _, n := range nodes {
		m.scan(n)
	}
	return m
}

func (m *mentions) scan(n *source.Node) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		m.scan(item)
	}
	for _, e := range n.Entries {
		m.scan(e.Value)
	}
	if text, ok := n.Value.(string); ok {
		m.scanText(text)
	}
}

func (m *mentions) scanText(text string) {
	if strings.Contains(text, "ctx") || strings.Contains(text, "tasks") {
		for _, found := range mentionPattern.FindAllStringSubmatch(text, -1) {
			m.add(found[1], found[2]+found[3]+found[4])
		}
	}
	if strings.Contains(text, "org") {
		for _, found := range orgVarPattern.FindAllStringSubmatch(text, -1) {
			m.orgVars[found[1]+found[2]+found[3]] = true
		}
	}
}

func (m *mentions) add(root, name string) {
	switch {
	case root == "ctx" && name == "":
		m.wholeCtx = true
	case root == "ctx":
		m.ctx[name] = true
	case name == "":
		m.wholeTasks = true
	default:
		m.tasks[name] = true
	}
}
