package halo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// ask runs SQL as clients do, and gives the rows or the error.
func (te *tenant) ask(question string) (rows []map[string]any, problem string) {
	te.t.Helper()
	text, _ := json.Marshal(question)
	got := te.post("/api/Report", `[{"id":0,"name":"","sql":`+string(text)+`,"apiquery_id":0,"_testonly":false,"_loadreportonly":true}]`)
	report, ok := got["report"].(map[string]any)
	if !ok {
		te.t.Fatalf("no report in %v", got)
	}
	for _, v := range report["rows"].([]any) {
		rows = append(rows, v.(map[string]any))
	}
	problem, _ = report["load_error"].(string)
	if (problem == "") != (report["loaded"] == true) {
		te.t.Errorf("loaded %v with error %q", report["loaded"], problem)
	}
	return rows, problem
}

func TestReportSQL(t *testing.T) {
	te := start(t, Options{})
	for question, want := range map[string]string{
		"SELECT faultid, symptom FROM faults WHERE faultid = 2041":                                                 `{"faultid":2041,"symptom":"`,
		"select top 1 Faultid as [Ticket ID] from dbo.FAULTS with (nolock) order by faultid":                       `{"Ticket ID":2041}`,
		"SELECT TOP (2) aarea FROM AREA WHERE aarea > 11 ORDER BY aarea DESC":                                      `{"aarea":24} {"aarea":23}`,
		"SELECT DISTINCT TOP 1 aisinactive FROM AREA ORDER BY 1 DESC":                                              `{"aisinactive":1}`,
		"SELECT uname + ' (' + CAST(unum AS nvarchar(10)) + ')' AS who FROM UNAME WHERE unum = 4":                  `{"who":"Tom Whitfield (4)"}`,
		"SELECT ISNULL(NULL, N'none') AS a, LEN('abcd') AS b, LEFT('abcd', 2) AS c, RIGHT('abcd', 1) AS d":         `{"a":"none","b":4,"c":"ab","d":"d"}`,
		"SELECT CONVERT(varchar(10), GETDATE(), 120) AS today, YEAR(GETDATE()) AS y":                               `{"today":"2026-09-25 14:30:00","y":2026}`,
		"SELECT CAST(GETDATE() AS date) AS d, DATEADD(day, -7, '2026-09-25') AS w":                                 `{"d":"2026-09-25","w":"2026-09-18T00:00:00"}`,
		"SELECT DATEDIFF(day, '2026-09-24T23:59:00', '2026-09-25T00:01:00') AS n, DATEPART(month, GETDATE()) AS m": `{"m":9,"n":1}`,
		"SELECT IIF(1=1,'y','n') AS a, CHARINDEX('b','abc') AS b, CONCAT('a',1,NULL,'b') AS c":                     `{"a":"y","b":2,"c":"a1b"}`,
		"SELECT CONVERT(int, '12') AS i, CEILING(1.2) AS c, FORMAT(GETDATE(), 'dd/MM/yyyy') AS f":                  `{"c":2.0,"f":"25/09/2026","i":12}`,
		"WITH t AS (SELECT TOP 3 faultid FROM faults ORDER BY faultid) SELECT COUNT(*) AS n FROM t;":               `{"n":3}`,
		"SELECT faultid FROM faults ORDER BY faultid OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY":                         `{"faultid":2042}`,
		"SELECT COUNT(*) AS n FROM FAULTS JOIN AREA ON Areaint = Aarea JOIN TSTATUS ON Status = Tstatus":           `{"n":182}`,
		"SELECT aareadesc FROM AREA WHERE aareadesc = 'NORTHWIND DENTAL' /* without case */ -- and a comment":      `{"aareadesc":"Northwind Dental"}`,
		"SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'faults'":                             `{"TABLE_NAME":"FAULTS"}`,
		"SELECT [a]]b] FROM (SELECT 1 AS \"a]b\")":                                                                 `{"a]b":1}`,
		"SELECT TOP 1 1 AS x FROM AREA UNION ALL SELECT TOP 1 2 FROM AREA":                                         `{"x":1} {"x":2}`,
		"SELECT $agentid AS me, @nobodyknows AS nothing":                                                           `{"me":"3","nothing":null}`,
		"SELECT unum FROM UNAME WHERE unum = 4711":                                                                 ``,
	} {
		rows, problem := te.ask(question)
		var lines []string
		for _, r := range rows {
			text, _ := json.Marshal(r)
			lines = append(lines, string(text))
		}
		if got := strings.Join(lines, " "); problem != "" || !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s\n  gave %.200s %s\n  want %s", question, got, problem, want)
		}
	}
}

func TestReportSQLThatFails(t *testing.T) {
	te := start(t, Options{})
	for question, want := range map[string]string{
		"DELETE FROM faults": "Only SELECT", "": "Only SELECT", "UPDATE faults SET symptom = ''": "Only SELECT", "SELECT 1; SELECT 2": "Only one statement",
		"SELECT 1 AS x; DROP TABLE faults": "Only one statement", "SELECT * FROM nowhere": "no such table: nowhere", "SELECT colour FROM area": "no such column: colour",
		"SELEC 1": "Only SELECT", "SELECT": "incomplete input", "SELECT 'open": "Incorrect syntax", "WITH x AS (SELECT 1) DELETE FROM faults": "not authorized",
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT zeroblob(1000000000) FROM n": "too big",
		"SELECT load_extension('x')": "", "SELECT TOP x FROM area": "",
	} {
		if rows, problem := te.ask(question); problem == "" || !strings.Contains(problem, want) || len(rows) > 0 {
			t.Errorf("%s: %d rows, error %q, want %q", question, len(rows), problem, want)
		}
	}
	if got := te.get("/api/tickets/2041").object(t); got["summary"] == "" {
		t.Error("the data has changed")
	}
}

func TestReportsAreKeptAndRun(t *testing.T) {
	te := start(t, Options{})
	list := te.get("/api/Report?search=open").rows(t, "reports")
	if len(list) != 1 || list[0]["sql"] != nil {
		t.Fatalf("lists leave the SQL out: %v", list)
	}
	path := "/api/Report/" + str(list[0]["id"])
	if got := te.get(path).object(t); got["sql"] == nil || got["report"] != nil {
		t.Errorf("a report that is not loaded: %v", got)
	}
	got := te.get(path + "?loadreport=true&includedetails=true").object(t)
	rows := got["report"].(map[string]any)["rows"].([]any)
	columns := got["available_columns"].([]any)
	if len(rows) < 10 || len(columns) != 2 || columns[0].(map[string]any)["name"] != "Client" {
		t.Errorf("%d rows, columns %v", len(rows), columns)
	}
	for _, r := range te.get("/api/Report?count=100").rows(t, "reports") {
		run := te.get("/api/Report/" + str(r["id"]) + "?loadreport=True").object(t)["report"].(map[string]any)
		if run["loaded"] != true || len(run["rows"].([]any)) == 0 {
			t.Errorf("%s: %v", r["name"], run["load_error"])
		}
	}
	made := te.post("/api/Report", `[{"name":"Mine","sql":"SELECT unum FROM UNAME"}]`)
	changed := te.post("/api/Report", `[{"id":`+str(made["id"])+`,"_loadreportonly":true,"sql":"SELECT 1 AS one"}]`)
	if text := fmt.Sprint(changed["report"]); !strings.Contains(text, "one") {
		t.Errorf("%s", text)
	}
	if kept := te.get("/api/Report/" + str(made["id"])).object(t); kept["sql"] != "SELECT unum FROM UNAME" {
		t.Errorf("a preview was saved: %v", kept["sql"])
	}
	te.must(404, "POST", "/api/Report", `[{"id":4711,"_loadreportonly":true}]`)
	te.must(200, "DELETE", "/api/Report/"+str(made["id"]), "")
	te.must(404, "GET", "/api/Report/"+str(made["id"])+"?loadreport=true", "")
	te.must(403, "POST", "/api/Report", "[]", "Authorization", "Bearer "+te.login("read:reporting"))
}

func TestReportFiltersAndPeriod(t *testing.T) {
	te := start(t, Options{})
	run := func(fields string) int {
		got := te.post("/api/Report", `[{"_loadreportonly":true,"sql":"SELECT faultid, areaint, dateoccured FROM FAULTS",`+fields+`}]`)
		return len(got["report"].(map[string]any)["rows"].([]any))
	}
	all := run(`"name":"x"`)
	if n := run(`"filters":[{"fieldname":"faultid","stringruletype":2,"stringruletext":"2041"}]`); n != 1 {
		t.Errorf("one ticket: %d of %d", n, all)
	}
	one := run(`"reportingperioddatefield":"dateoccured","reportingperiodstartdate":"2026-09-20T00:00:00Z","reportingperiodenddate":"2026-09-21T00:00:00Z"`)
	if one == 0 || one > 20 {
		t.Errorf("a day has %d of %d", one, all)
	}
}

// TestReportsKeepToTheAgentsClients: SQL is no way around the clients that an agent may use.
func TestReportsKeepToTheAgentsClients(t *testing.T) {
	te := start(t, Options{})
	te.must(200, "POST", "/_sandbox/agents", `{"id":4,"clients":[12]}`)
	narrow := te.acting(te.application(`{"name":"narrow","client_id":"n","client_secret":"s","agent_id":4}`))
	for question, column := range map[string]string{"SELECT aarea FROM AREA": "aarea", "SELECT areaint FROM FAULTS": "areaint", "SELECT charea FROM CONTRACTHEADER": "charea"} {
		rows, problem := narrow.ask(question)
		if problem != "" || len(rows) == 0 {
			t.Errorf("%s: %d rows, %s", question, len(rows), problem)
		}
		for _, r := range rows {
			if str(r[column]) != "12" {
				t.Errorf("%s shows client %v", question, r[column])
			}
		}
	}
	if got := narrow.must(404, "POST", "/api/invoice/pdf/2", ""); got.text != "" {
		t.Errorf("%s", got.text)
	}
	narrow.must(404, "POST", "/api/tickets/vote", `[{"id":`+te.ticketOf("13")+`,"your_vote":1}]`)
	narrow.must(404, "POST", "/api/invoice/updatelines", `[{"id":1,"ihid":2}]`)
}

func (te *tenant) ticketOf(client string) string {
	te.t.Helper()
	return str(te.get("/api/tickets?count=1&client_id="+client).rows(te.t, "tickets")[0]["id"])
}

func FuzzReportSQL(f *testing.F) {
	for _, s := range []string{"SELECT TOP 3 [a] + 'x' FROM dbo.b WITH (NOLOCK)", "WITH x AS (SELECT CONVERT(varchar(10), GETDATE(), 120)) SELECT CAST(1 AS date) FROM x",
		"SELECT ((", "SELECT ))) TOP", "SELECT CAST(CAST(", "SELECT DATEADD(day,", "SELECT CONVERT(", "SELECT 1 OFFSET 1 ROWS FETCH"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := translateSQL(text, map[string]string{"clientid": "1"})
		if err == nil && out == "" {
			t.Error("nothing came of it")
		}
	})
}
