package halo

import (
	"fmt"
	"net/http"
)

func customerOperations() []operation {
	return []operation{
		{method: post, resource: "Client", path: "newaccountsid", do: upserts},
		{method: post, resource: "Client", path: "paymentmethodupdate", do: upserts},
		{method: get, resource: "Site", path: "stockbins", do: stockBins},
		{method: post, resource: "Users", path: "prefs", do: userPrefs},
		{method: get, resource: "Asset", path: "nexttag", do: nextAssetTag},
		{method: get, resource: "Asset", path: "getallsoftwareversions", do: none},
		{method: get, resource: "Team", path: "tree", do: teamTree},
		{method: get, resource: "Appointment", path: "booking", do: none},
		{method: post, resource: "Appointment", path: "booking", do: upsertsOne},
		{method: post, resource: "Appointment", path: "generate", do: generateAppointments},
	}
}

// nextAssetTag answers as live tenants do.
func nextAssetTag(v *visit) answer {
	last := ""
	if assets := v.table("Asset").rows; len(assets) > 0 {
		last = assets[len(assets)-1].text("inventory_number")
	}
	return jsonAnswer(http.StatusOK, object{{"last_tag", last}, {"next_tag", v.nextTag()}})
}

// stockBins gives one bin for each site that is a stock location.
func stockBins(v *visit) answer {
	list := []any{}
	for _, site := range v.where("Site", func(s record) bool { return s.bool("isstocklocation") }) {
		list = append(list, object{{"id", site["id"]}, {"name", fmt.Sprintf("Bin %d", site.int("id"))}, {"site_id", site["id"]}, {"dont_add_to_order", false}})
	}
	return jsonAnswer(http.StatusOK, list)
}

// teamTree puts the teams that the caller sees below their departments.
func teamTree(v *visit) answer {
	l := &listing{state: v.state, res: v.res, q: v.q, who: v.who}
	rows := l.rows(l.tests())
	l.sort(rows, l.orders())
	byDepartment := map[int64][]any{}
	var order []record
	for _, team := range rows {
		id := team.int("department_id")
		if byDepartment[id] == nil {
			order = append(order, team)
		}
		byDepartment[id] = append(byDepartment[id], v.view(v.res, team, false, false))
	}
	list := []any{}
	for _, team := range order {
		list = append(list, object{{"id", team["department_id"]}, {"name", team["department_name"]}, {"long_name", team["department_name"]},
			{"organisation_id", int64(1)}, {"teams", byDepartment[team.int("department_id")]}})
	}
	return jsonAnswer(http.StatusOK, list)
}

// userPrefs keeps a user's language and theme.
func userPrefs(v *visit) answer {
	prefs, refusal := v.records("UserPrefs")
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, p := range prefs {
		user := v.seen("Users", p.int("id"))
		if p.int("id") == 0 {
			user = v.ownUser(v.who)
		}
		if user == nil {
			return empty(http.StatusNotFound)
		}
		for _, name := range []string{"lang", "theme"} {
			if p[name] != nil {
				user["~"+name] = p[name]
			}
		}
		all = append(all, object{{"id", user["id"]}, {"lang", user["~lang"]}, {"theme", user["~theme"]}})
	}
	return v.written(all)
}

// generateAppointments takes the ids of recurring appointments. There are none to repeat: what it makes is nothing.
func generateAppointments(v *visit) answer {
	ids, ok := v.numbers()
	if !ok {
		return modelState{"": {"The body must be a JSON array of integers."}}.answer()
	}
	for _, id := range ids {
		if v.seen("Appointment", id) == nil {
			return empty(http.StatusNotFound)
		}
	}
	return jsonAnswer(http.StatusCreated, []any{})
}
