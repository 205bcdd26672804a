package halo

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"gantry/store"
)

const (
	reportRows = 50_000          // Halo's own bound, as seen on live tenants
	reportTime = 5 * time.Second // for one question
)

func reportResource() *resource {
	return &resource{
		name: "Report", schema: "AnalyzerProfile", envelope: "reports", area: "reporting", writable: true, required: []string{"name"}, sort: "name",
		search: []string{"name", "description"},
		defaults: record{"sql": "", "group_id": 0, "group_name": "", "description": "", "type": 0, "datasource_id": 0, "systemreportid": 0, "charttype": 0,
			"restrictaccess": false, "canbeaccessedbyallusers": true, "is_published": false, "bookmarked": false, "reportingperiod": 0,
			"filters": []any{}, "columns": []any{}, "mainentity": "", "apiquery_id": 0, "client": ""},
		filters: map[string]filter{
			"reportgroup_id": equals("group_id"), "type": is("type"), "clientname": is("client"),
			"chartonly": when(func(_ *listing, r record) bool { return r.int("charttype") > 0 }),
		},
		derive: map[string]derived{"_canupdate": constant(true)},
	}
}

// question is one run of a report: what to ask, of which tables, and what to leave out of the answer.
type question struct {
	report  record
	sql     string
	problem error
	tables  []store.ScratchTable
	now     time.Time
}

// loadReport answers GET Report/{id}, which runs the report with loadreport=true.
func (s *Server) loadReport(v *visit) answer {
	s.mu.RLock()
	r, refusal := s.data.locate(v.who, v.res, v.id, v.q)
	if refusal != nil {
		s.mu.RUnlock()
		return *refusal
	}
	r = r.clone()
	for _, name := range []string{"reportingperiodstartdate", "reportingperiodenddate"} {
		if v.q.has(name) {
			r[name] = v.q.text(name)
		}
	}
	if v.q.has("client_id") {
		r["client_id"] = v.q.int("client_id")
	}
	shown := s.data.view(v.res, r, true, v.q.bool("includedetails"))
	run := v.q.bool("loadreport")
	var q question
	if run && len(v.q.bad) == 0 {
		q = s.data.question(r, v.who)
	}
	s.mu.RUnlock()
	switch {
	case len(v.q.bad) > 0:
		return v.q.bad.answer()
	case !run:
		return jsonAnswer(http.StatusOK, shown)
	}
	return jsonAnswer(http.StatusOK, q.into(v.ctx, shown))
}

// postReport answers POST Report: with _loadreportonly or _testonly it runs and keeps nothing.
func (s *Server) postReport(v *visit) answer {
	elements, bad := parseBody(v.body, v.res.schema)
	if bad != nil {
		return bad.answer()
	}
	runs := func(e element) bool { return e.flag("_loadreportonly") || e.flag("_testonly") }
	if !slices.ContainsFunc(elements, runs) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.data.post(v.res, v.who, v.body, v.q.bool("returnall"))
	}
	var shown []object
	var questions []question
	s.mu.RLock()
	changes, refusal := s.data.changes(v.res, v.who, elements, v.body)
	for _, c := range changes {
		c.next = record{}
		if c.old != nil {
			c.next = c.old.clone()
		}
		for name, value := range c.posted {
			c.next[name] = value
		}
		c.next.fill(v.res.defaults)
		if c.next["id"] == nil {
			c.next["id"] = int64(0)
		}
		shown = append(shown, s.data.view(v.res, c.next, true, true))
		questions = append(questions, s.data.question(c.next, v.who))
	}
	s.mu.RUnlock()
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for i, q := range questions {
		all = append(all, q.into(v.ctx, shown[i]))
	}
	if v.q.bool("returnall") {
		return jsonAnswer(http.StatusCreated, all)
	}
	return jsonAnswer(http.StatusCreated, all[len(all)-1])
}

// question prepares a report for its run, which needs no lock any more.
func (st *state) question(report record, who principal) question {
	q := question{report: report, now: st.now()}
	variables := map[string]string{"agentid": textOf(who.app.AgentID), "clientid": textOf(report["client_id"]), "currentagentid": textOf(who.app.AgentID)}
	for name, field := range map[string]string{"startdate": "reportingperiodstartdate", "enddate": "reportingperiodenddate"} {
		if at, _, ok := parseDate(report.text(field)); ok {
			variables[name] = at.UTC().Format(sqlDate)
		}
	}
	if q.sql, q.problem = translateSQL(report.text("sql"), variables); q.problem == nil {
		q.tables = st.reportData(q.sql, who)
	}
	return q
}

// into runs the question and puts what came of it into the report's answer: report and available_columns.
func (q question) into(ctx context.Context, shown object) object {
	columns, rows, err := q.run(ctx)
	content := object{{"loaded", err == nil}, {"load_error", nil}, {"rows", []any{}}}
	available := []any{}
	if err != nil {
		content[1].value = err.Error()
	} else {
		content[2].value = q.kept(columns, rows)
		for i, name := range columns {
			available = append(available, object{{"id", int64(i + 1)}, {"report_id", q.report["id"]}, {"name", name}, {"sys_name", name},
				{"data_type", sqlTypeOf(rows, i)}, {"sequence", int64(i)}})
		}
	}
	shown = slices.DeleteFunc(shown, func(m member) bool { return m.name == "report" || m.name == "available_columns" })
	return append(shown, member{"available_columns", available}, member{"report", content})
}

func (q question) run(ctx context.Context) (columns []string, rows [][]any, err error) {
	if q.problem != nil {
		return nil, nil, q.problem
	}
	ctx, cancel := context.WithTimeout(ctx, reportTime)
	defer cancel()
	db, err := store.NewScratch(q.tables, reportFunctions(q.now))
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = db.Close() }()
	return db.Ask(ctx, q.sql, reportRows)
}

// kept makes the rows and leaves out those that the report's filters and reporting period do.
func (q question) kept(columns []string, rows [][]any) []any {
	tests := q.tests()
	list := []any{}
	for _, values := range rows {
		row := record{}
		o := object{}
		for i, name := range columns {
			row[strings.ToLower(name)] = fitted(kindAny, values[i])
			o = append(o, member{name, fitted(kindAny, values[i])})
		}
		if !slices.ContainsFunc(tests, func(keep predicate) bool { return !keep(row) }) {
			list = append(list, o)
		}
	}
	return list
}

// tests reads the report's filters; their rule types are those of advanced_search.
func (q question) tests() []predicate {
	var tests []predicate
	for _, v := range q.report.list("filters") {
		m, _ := v.(map[string]any)
		f := record(m)
		name := strings.ToLower(f.text("fieldname"))
		c := condition{Type: int(f.int("stringruletype")), Value: f["stringruletext"]}
		if isSet(f["numericruletype"]) {
			c = condition{Type: int(f.int("numericruletype")), Value: f["numericvalue"]}
		}
		want := textOf(c.Value)
		tests = append(tests, func(r record) bool { return c.holds(r[name], kindText, want) })
	}
	if name := strings.ToLower(q.report.text("reportingperioddatefield")); name != "" {
		from, to := dateOf(q.report.text("reportingperiodstartdate")), dateOf(q.report.text("reportingperiodenddate"))
		tests = append(tests, func(r record) bool {
			at := dateOf(r.text(name))
			return at.IsZero() || (from.IsZero() || !at.Before(from)) && (to.IsZero() || !at.After(to))
		})
	}
	return tests
}

// sqlTypeOf names the type of a column as SQL Server would, by its first value.
func sqlTypeOf(rows [][]any, column int) string {
	for _, r := range rows {
		switch v := r[column].(type) {
		case int64:
			return "int"
		case float64:
			return "float"
		case string:
			if _, err := time.Parse(sqlDate, v); err == nil {
				return "datetime"
			}
			return "nvarchar"
		}
	}
	return "nvarchar"
}
