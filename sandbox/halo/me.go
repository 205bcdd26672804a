package halo

import "net/http"

// mine finds the row that /me stands for: the agent that the application logs in as, the user linked to it,
// and that user's client.
var mine = map[string]func(st *state, who principal) record{
	"Agent": func(st *state, who principal) record { return st.find("Agent", who.app.AgentID) },
	"Users": (*state).ownUser,
	"Client": func(st *state, who principal) record {
		site := st.find("Site", st.ownUser(who).int("site_id"))
		return st.find("Client", site.int("client_id"))
	},
}

func (st *state) ownUser(who principal) record {
	for _, u := range st.table("Users").rows {
		if u.int("linked_agent_id") == who.app.AgentID {
			return u
		}
	}
	return nil
}

func (st *state) me(res *resource, who principal) answer {
	if r := mine[res.name](st, who); r != nil {
		return jsonAnswer(http.StatusOK, st.view(res, r, true, true))
	}
	return empty(http.StatusNotFound)
}
