package server

import (
	_ "embed"
	"net/http"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"gantry/actions"
)

//go:embed ask.css
var askStyle string

func (p askPage) write(w http.ResponseWriter, status int) {
	document{title: p.Title, style: askStyle, head: h.Meta(h.Name("robots"), h.Content("noindex, nofollow")), forms: "'self'"}.write(w, status,
		h.H1(g.Text(p.Heading)),
		g.If(p.Problem != "", h.P(h.Class("wrong"), h.Role("alert"), g.Text(p.Problem))),
		g.Map(p.Lines, func(line string) g.Node { return h.P(h.Class("text"), g.Text(line)) }),
		g.If(len(p.Facts) > 0, h.Dl(g.Map(p.Facts, func(d actions.Detail) g.Node {
			return g.Group{h.Dt(g.Text(d.Name)), h.Dd(g.Text(d.Text))}
		}))),
		g.If(len(p.Buttons) > 0, p.form()),
		g.If(p.Footer != "", h.Footer(g.Text(p.Footer))))
}

func (p askPage) form() g.Node {
	return h.Form(h.Method("post"), h.AutoComplete("off"),
		h.Input(h.Type("hidden"), h.Name("asked"), h.Value(p.Asked)),
		g.Map(p.Inputs, askInput.field),
		h.Label(h.For("by"), g.Text("Your name (optional)")),
		h.Input(h.Type("text"), h.ID("by"), h.Name("by"), h.Value(p.By), h.MaxLength("80"), h.Aria("describedby", "help-by")),
		h.Div(h.ID("help-by"), h.P(h.Class("help"), g.Text("It is kept with your answer."))),
		h.Div(h.Class("buttons"), g.Map(p.Buttons, askButton)))
}

func askButton(b actions.Button) g.Node {
	return h.Button(h.Type("submit"), h.Name("button"), h.Value(b.Value), g.If(b.Style != "default", h.Class(b.Style)), g.If(b.SkipsFields, h.FormNoValidate()),
		g.Text(b.Label))
}

// field is an input with its label and what helps to fill it in.
func (in askInput) field() g.Node {
	return g.Group{in.labelled(), h.Div(h.ID(in.help()),
		g.If(in.Wrong != "", h.P(h.Class("wrong"), g.Text(in.Wrong))),
		g.If(in.Help != "", h.P(h.Class("help"), g.Text(in.Help))))}
}

func (in askInput) help() string { return "help-" + in.ID }

func (in askInput) labelled() g.Node {
	label := h.Label(h.For(in.ID), g.Text(in.Label))
	switch {
	case in.Several:
		return h.FieldSet(h.Aria("describedby", in.help()), h.Legend(g.Text(in.Label)), g.Map(in.Choices, func(c askChoice) g.Node {
			return h.Label(h.Class("choice"), h.Input(h.Type("checkbox"), h.Name(in.Name), h.Value(c.Value), g.If(c.Chosen, h.Checked())), g.Text(c.Value))
		}))
	case len(in.Choices) > 0:
		return g.Group{label, h.Select(in.attributes(), g.If(in.Blank, h.Option(h.Value(""))), g.Map(in.Choices, func(c askChoice) g.Node {
			return h.Option(h.Value(c.Value), g.If(c.Chosen, h.Selected()), g.Text(c.Value))
		}))}
	case in.Kind == "checkbox":
		return h.Label(h.Input(h.Type("checkbox"), h.ID(in.ID), h.Name(in.Name), h.Value("true"), g.If(in.Checked, h.Checked()), h.Aria("describedby", in.help())), g.Text(in.Label))
	case in.Kind == "textarea":
		return g.Group{label, h.Textarea(in.attributes(), h.Rows("4"), g.Text("\n"+in.Value))} // browsers leave out the first line's end
	default:
		return g.Group{label, h.Input(h.Type(in.Kind), in.attributes(), h.Value(in.Value), g.If(in.Mode != "", g.Attr("inputmode", in.Mode)))}
	}
}

// attributes are those that every input but check boxes has.
func (in askInput) attributes() g.Node {
	return g.Group{h.ID(in.ID), h.Name(in.Name), g.If(in.Required, h.Required()), g.If(in.Wrong != "", h.Aria("invalid", "true")), h.Aria("describedby", in.help())}
}
