package project

// WorkflowIn gives the id of the workflow in a file of the project, "" for a file that is none.
func (p *Project) WorkflowIn(file string) string {
	for id, f := range p.files {
		if f.Name == file {
			return id
		}
	}
	return ""
}
