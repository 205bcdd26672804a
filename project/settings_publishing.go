package project

import "gantry/source"

// Publishing says whether workflows are published from the console, the API and the command line.
type Publishing struct {
	// FilesOnly refuses it: the project is published from its files, by git say.
	FilesOnly bool
	// NeedsComment refuses what comes without a comment.
	NeedsComment bool
}

func (p *Publishing) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "publishing", ds)
	defer f.Close()
	p.FilesOnly = !f.Bool("console", true)
	if v := f.TextNode("comment"); v != nil {
		switch word := v.Value.(string); word {
		case "required":
			p.NeedsComment = true
		case "optional":
		default:
			ds.Errorf(v.Pos, "bad-value", "comment is %q", word).Hint = "it is optional or required"
		}
	}
}
