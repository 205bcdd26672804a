package halo

import "net/http"

func configOperations() []operation {
	return []operation{
		{method: post, resource: "Agent", path: "clearcache", do: nothing},
		{method: post, resource: "Lookup", path: "clearcache", do: nothing},
		{method: post, resource: "Field", path: "addfieldtoall/{id}", do: addFieldToAll},
	}
}

// addFieldToAll puts an asset field on every asset type.
func addFieldToAll(v *visit) answer {
	f, refusal := v.locate(v.who, v.res, v.id, v.q)
	if refusal != nil {
		return *refusal
	}
	for _, kind := range v.table("AssetType").rows {
		kind["field_list"] = append(append([]any{}, kind.list("field_list")...), map[string]any{"id": f["id"], "name": f["name"]})
	}
	return jsonAnswer(http.StatusCreated, v.view(v.res, f, true, false))
}
