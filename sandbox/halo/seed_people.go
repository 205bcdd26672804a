package halo

import (
	"fmt"
	"strings"
)

// teams in the order of their ids, with what they are for.
var seedTeams = []struct {
	name, kind string
	inactive   bool
}{
	{"1st Line Support", "forrequests", false}, {"2nd Line Support", "forrequests", false}, {"Infrastructure", "forrequests", false},
	{"Projects", "forprojects", false}, {"Sales", "foropps", false}, {"Accounts", "forrequests", false}, {"Night Desk", "forrequests", true},
}

var seedAgents = []struct {
	id        int
	name, job string
	teams     []int
	off       bool
}{
	{1, "Unassigned", "", nil, false}, {2, "Priya Shah", "Service Desk Manager", []int{1, 2, 6}, false},
	{3, "API Agent", "", []int{1, 2, 3, 4, 5}, false}, {4, "Tom Whitfield", "1st Line Engineer", []int{1}, false},
	{5, "Aoife Brennan", "1st Line Engineer", []int{1}, false}, {6, "Marcus Okafor", "2nd Line Engineer", []int{2}, false},
	{7, "Hannah Clarke", "Infrastructure Engineer", []int{3, 2}, false}, {8, "Dylan Pryce", "Project Engineer", []int{4, 3}, false},
	{9, "Zofia Nowak", "Account Manager", []int{5}, false}, {10, "Graham Lister", "2nd Line Engineer", []int{2}, true},
	{11, "Ellie Marsh", "1st Line Engineer", []int{1, 7}, true}, {12, "Ravi Menon", "Finance Officer", []int{6}, false},
}

var agentColours = []string{"#3d85c6", "#6aa84f", "#e69138", "#a64d79", "#674ea7", "#45818e"}

func (s *seeder) agents() {
	for i, t := range seedTeams {
		s.add("Team", record{"guid": s.newGUID(), "name": t.name, "sequence": i + 1, "inactive": t.inactive,
			"forrequests": t.kind == "forrequests", "forprojects": t.kind == "forprojects", "foropps": t.kind == "foropps"})
	}
	for _, a := range seedAgents {
		first, last, _ := strings.Cut(a.name, " ")
		row := record{"id": a.id, "name": a.name, "firstname": first, "surname": last, "initials": initialsOf(a.name), "jobtitle": a.job,
			"isdisabled": a.off, "isapiagent": a.id == apiAgentID, "is_agent": a.id != unassigned, "colour": agentColours[a.id%len(agentColours)]}
		var teams []any
		for _, id := range a.teams {
			teams = append(teams, map[string]any{"agent_id": int64(a.id), "team_id": int64(id), "team_name": seedTeams[id-1].name,
				"department_id": int64(1), "department_name": "Service Delivery"})
		}
		if len(a.teams) > 0 {
			row["team"], row["teams"] = seedTeams[a.teams[0]-1].name, teams
		}
		if a.id != unassigned {
			row["email"] = address(a.name, "acme-msp.example")
			row["extensionnumber"] = fmt.Sprint(200 + a.id)
			row["lastlogindate"] = haloDate(s.today.AddDate(0, 0, -s.rand.IntN(3)))
		}
		s.add("Agent", row)
	}
}

// address makes "jo.bloggs@domain" of a name.
func address(name, domain string) string {
	local := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '.'
		case r >= 'a' && r <= 'z' || r == '-':
			return r
		}
		return -1
	}, strings.ToLower(strings.NewReplacer("é", "e", "ü", "u", "ö", "o", "ł", "l").Replace(name)))
	return local + "@" + domain
}
