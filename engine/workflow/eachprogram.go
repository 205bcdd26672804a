package workflow

import "gantry/expr"

// eachProgram visits every expression of the workflow that was compiled, in no particular order.
func (c *checker) eachProgram(visit func(*expr.Program)) {
	template := func(t *expr.Template) {
		if t != nil {
			t.Each(visit)
		}
	}
	program := func(p *expr.Program) {
		if p != nil {
			visit(p)
		}
	}
	template(c.wf.Vars)
	if c.wf.Concurrency != nil {
		template(c.wf.Concurrency.Key)
	}
	for _, w := range c.works {
		w.eachTemplate(template)
		program(w.retryWhen())
		for _, t := range w.task.Next {
			program(t.When)
			for _, p := range t.Publish {
				template(p.Value)
			}
		}
	}
	for _, o := range c.wf.Outputs {
		template(o.Value)
	}
	if c.wf.OnFailure != nil {
		template(c.wf.OnFailure.With)
	}
	for _, t := range c.wf.Triggers {
		program(t.When)
		template(t.Inputs)
		template(t.Vars)
		if t.Poll != nil {
			template(t.Poll.With)
			template(t.Poll.Narrow)
			template(t.Poll.Newest)
		}
		if t.Webhook != nil {
			t.Webhook.Response.Each(template)
		}
	}
}

func (w *taskWork) retryWhen() *expr.Program {
	if w.task.Retry == nil {
		return nil
	}
	return w.task.Retry.When
}

func (w *taskWork) eachTemplate(visit func(*expr.Template)) {
	visit(w.task.With)
	visit(w.task.Org)
	visit(w.task.Mock)
	if f := w.task.ForEach; f != nil {
		visit(f.Items)
		visit(f.Concurrency)
	}
}
