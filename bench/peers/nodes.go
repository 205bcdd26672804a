package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
)

// openN8N starts n8n on SQLite. Its webhooks answer when the last node has run.
func openN8N(progress bool) func(*world) (*session, error) {
	return func(w *world) (*session, error) {
		folder, err := w.node("n8n", `{"private": true, "dependencies": {"n8n": "2.8.4"}, "overrides": {"xlsx": "0.18.5"}, "allowScripts": {"sqlite3": true}}`)
		if err != nil {
			return nil, err
		}
		data, err := w.scratch("n8n")
		if err != nil {
			return nil, err
		}
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		program := filepath.Join(folder, "node_modules", ".bin", "n8n")
		env := []string{"N8N_USER_FOLDER=" + data, "N8N_PORT=" + port, "N8N_LISTEN_ADDRESS=127.0.0.1", "N8N_LOG_LEVEL=error", "N8N_DIAGNOSTICS_ENABLED=false",
			"N8N_VERSION_NOTIFICATIONS_ENABLED=false", "N8N_TEMPLATES_ENABLED=false", "N8N_PERSONALIZATION_ENABLED=false", "NODE_ENV=production",
			"EXECUTIONS_DATA_SAVE_ON_SUCCESS=all", "EXECUTIONS_DATA_PRUNE=false", "DB_SQLITE_POOL_SIZE=4", "N8N_RUNNERS_ENABLED=true"}
		if err := importN8N(data, env, program, w.target, progress); err != nil {
			return nil, err
		}
		hook := func(load workload) string { return "http://127.0.0.1:" + port + "/webhook/" + load.workflow }
		s, err := serve(data, env, inARow(20, func() bool { return listens(port)() && post(hook(workloads[0])) == nil }), program, "start")
		if err != nil {
			return nil, err
		}
		return called(s.close, func(load workload) error { return post(hook(load)) }), nil
	}
}

// inARow holds when ready has held so many times, one after the other: n8n takes its webhooks away again while it starts.
func inARow(times int, ready func() bool) func() bool {
	held := 0
	return func() bool {
		if held++; !ready() {
			held = 0
		}
		return held >= times
	}
}

func importN8N(data string, env []string, program, target string, progress bool) error {
	seen := map[string]bool{}
	for _, load := range workloads {
		if seen[load.workflow] {
			continue
		}
		seen[load.workflow] = true
		text, err := json.Marshal(n8nWorkflow(load, target, progress))
		if err != nil {
			return err
		}
		name := load.workflow + ".json"
		if err := write(data, map[string]string{name: string(text)}); err != nil {
			return err
		}
		if err := command(data, env, program, "import:workflow", "--input="+filepath.Join(data, name)); err != nil {
			return err
		}
		if err := command(data, env, program, "publish:workflow", "--id="+load.workflow); err != nil {
			return err
		}
	}
	return nil
}

type object = map[string]any

func n8nWorkflow(load workload, target string, progress bool) object {
	nodes := []object{{"id": "in", "name": "in", "type": "n8n-nodes-base.webhook", "typeVersion": 2, "position": []int{0, 0}, "webhookId": load.workflow,
		"parameters": object{"httpMethod": "POST", "path": load.workflow, "responseMode": "lastNode"}}}
	connections, before := object{}, "in"
	for i := range load.tasks {
		name := fmt.Sprintf("t%d", i)
		node := object{"id": name, "name": name, "type": "n8n-nodes-base.noOp", "typeVersion": 1, "position": []int{200 * (i + 1), 0}, "parameters": object{}}
		if load.http {
			node["type"], node["typeVersion"], node["parameters"] = "n8n-nodes-base.httpRequest", 4.2, object{"url": target, "options": object{}}
		}
		nodes = append(nodes, node)
		connections[before] = object{"main": [][]object{{{"node": name, "type": "main", "index": 0}}}}
		before = name
	}
	return object{"id": load.workflow, "name": load.workflow, "nodes": nodes, "connections": connections, "active": false,
		"settings": object{"executionOrder": "v1", "saveExecutionProgress": progress, "saveDataSuccessExecution": "all"}}
}

// openNodeRED starts Node-RED, whose flows answer when the last node has run. It keeps nothing of runs.
func openNodeRED(w *world) (*session, error) {
	folder, err := w.node("node-red", `{"private": true, "dependencies": {"node-red": "4.1.8"}}`)
	if err != nil {
		return nil, err
	}
	data, err := w.scratch("node-red")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	flows, err := json.Marshal(redFlows(w.target))
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("module.exports = {uiHost: '127.0.0.1', uiPort: %s, flowFile: 'flows.json', credentialSecret: false, httpAdminRoot: false, logging: {console: {level: 'error'}}}\n", port)
	if err := write(data, map[string]string{"settings.js": settings, "flows.json": string(flows)}); err != nil {
		return nil, err
	}
	hook := func(load workload) string { return "http://127.0.0.1:" + port + "/" + load.workflow }
	s, err := serve(data, nil, func() bool { return listens(port)() && post(hook(workloads[0])) == nil },
		filepath.Join(folder, "node_modules", ".bin", "node-red"), "--userDir", data, "--settings", filepath.Join(data, "settings.js"))
	if err != nil {
		return nil, err
	}
	return called(s.close, func(load workload) error { return post(hook(load)) }), nil
}

func redFlows(target string) []object {
	flows := []object{{"id": "flow", "type": "tab", "label": "flow"}}
	seen := map[string]bool{}
	for _, load := range workloads {
		if seen[load.workflow] {
			continue
		}
		seen[load.workflow] = true
		id := func(i int) string { return fmt.Sprintf("%s-%d", load.workflow, i) }
		flows = append(flows, object{"id": id(-1), "type": "http in", "z": "flow", "url": "/" + load.workflow, "method": "post", "wires": [][]string{{id(0)}}})
		for i := range load.tasks {
			node := object{"id": id(i), "z": "flow", "wires": [][]string{{id(i + 1)}}, "type": "change", "rules": []object{{"t": "set", "p": "n", "pt": "msg", "to": "1", "tot": "num"}}}
			if load.http {
				node["type"], node["method"], node["ret"], node["url"] = "http request", "GET", "obj", target
			}
			flows = append(flows, node)
		}
		flows = append(flows, object{"id": id(load.tasks), "type": "http response", "z": "flow", "wires": [][]string{}})
	}
	return flows
}
