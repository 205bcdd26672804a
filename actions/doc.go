// Package actions is the catalogue of what a task can do, and what runs one attempt of it. Integrations and
// their actions are YAML; only core actions are Go.
//
// # The folder of an integration
//
// A folder <id>/ holds integration.yaml and any number of other files; the shipped ones stand beside this
// package, a project's own below its actions/. A project's folder may also bear the id of a shipped
// integration: without an integration.yaml it then adds actions to it. Nothing that is there is replaced. A
// wrong file is reported with its place and left out; the others are loaded.
//
// A project's files are read and checked whole. Of what ships a start reads the names alone, by its lines: types
// and actions stand there two spaces below `types:` and `actions:`. Each is parsed when it is first asked for,
// and compiled when it is first carried out.
//
// # integration.yaml
//
//	title, description, icon, docs
//	config          the set-up form: fields with type, title, description, default, required; type secret is kept apart
//	web_addresses   config fields that hold a server's address and how to tidy what people paste: {drop: [/api], path: /auth}
//	base_url        template over config
//	headers         map of templates over config, sent with every request
//	auth            type: none, oauth2_client_credentials (token_url, client_id, client_secret, scope, query, form,
//	                credentials_in: form | header, errors), basic (username, password), bearer (token),
//	                api_key (key, and header or parameter)
//	rate_limit      {requests: 700, per: 5m, burst: 140}
//	errors          rules, see below
//	one_time_fields a regular expression (RE2) over names of fields that do something each time they are written, such
//	                as attachments: a write with one of them in its inputs, and something in it, is not safe to repeat
//	one_line        a line of text in place of several config fields: {title, description, forms: [{shape, means}]}
//	config_rules    what is missing or contradictory in a configuration: [{when, message, hint, warning}] over config
//	test            what proves that a configuration works: the id of an action that reads, or a list of probes
//	                {title, action, with, required, needs, hint, warn: [{when, message, hint}] over result}
//	mapping         {action, with, id, id_type, name}: which list gives the entities an organisation can be mapped to;
//	                id_type is integer or string, as the list's type says where it is absent
//	types, actions  as in every other file
//
// # Any other file
//
//	types     entity types by name (Ticket); everywhere they are called <integration>.<name> (halo.Ticket). Of an
//	          object fields has what authors use, described; more_fields has the names of all others, by type:
//	          {integer or null: a b c, date-time or null: d}
//	actions   actions by name (get_ticket), called <integration>.<name> (halo.get_ticket), each:
//	  title, description, deprecated, scopes, examples
//	  effect       read (as it is when absent), write, delete, or by_method: the input method decides
//	  idempotent   whether doing it twice does no harm: true, false, or an expression over inputs. Without it
//	               true for a delete and false for a write
//	  inputs       fields with type, description, required, default
//	  needs        groups of inputs of which at least one must be given: [[note, note_html]]
//	  request      method     GET, POST … or an expression
//	               path       /Tickets/{ticket_id}: required inputs, escaped; {+path} is a whole path below the base
//	               query, headers, body    templates over inputs and config; null is not sent in query and headers
//	               pass       query or body: the inputs that nothing else of the action mentions go there under their
//	                          own name when they are given. body: [{…}] with pass: body puts them into that one map
//	               spread     an input (a map) whose entries go along with the passed ones; they replace nothing that
//	                          is said already. In a query a list without entries is refused, for it would mean all
//	               max_body_mib  bound of the answer
//	  paginate     style      page, offset, cursor or link
//	               parameter, size_parameter, page_size, first, query
//	               total      expression over the answer: how many there are in all
//	               next       expression over the answer: the next cursor or address, null at the end
//	               limit      the input that bounds how many are wanted (limit)
//	  result       a type; or {type, from, value, lists}: from names keys under which the answer wraps it, value is an
//	               expression over the answer, lists are list fields that come as [] where the answer leaves them out.
//	               answer: file is for answers that are no JSON: body is then {filename, content_type, size,
//	               data_base64}, filename null when it is not said
//	  errors       rules that come before the integration's
//	  verify       how to find out whether a write was done whose answer was lost, see below
//
// An answer is brought into the declared shape: where a list is declared one object counts as a list of one,
// where an object is declared a list of one counts as its entry, numbers become whole where that is declared.
//
// # Verify
//
// A write that was sent and whose answer was lost is repeated only where that is safe. Else it is looked for, if the
// action says how:
//
//	when     expression over inputs: they hold what can be told from all else, such as an id in another system. Where it
//	         does not hold nobody looks. Always, unless said
//	after    how long to wait before: 10s unless said, at most 15m
//	action   what looks, a read of the same integration (shop.list_orders); with: its inputs, templates over inputs
//	missing  done or not_done: what its fault not_found means. Unless said it tells nothing
//	unsure   expression over inputs and result, what the action gave: it tells nothing, for it may be cut off, say
//	found    expression over the same: true or false, or the list of what fits. One is done, none is not done, with more
//	         nobody can tell
//	read     {action, with} over inputs and found: gives what was found as the write gives it
//	made     expression over inputs and found: when that was made, a time as text, or null. What is older than the attempt,
//	         by more than two minutes, is not its work: nobody can tell then
//	result   expression over inputs and found: what the write would have given; else it is what was found
//
// found in read, made and result is the entry of the list that fits, or the look-up's whole result where found is true or
// false; it is null where missing said done.
//
// # Error rules
//
// A rule is {when, code, message, hint, passing, successful}. when is an expression over status, headers, body
// (a map, empty when the answer is not a JSON object) and text (the answer as it came, its beginning). The
// first rule that holds gives the words; what it leaves out is what the status says. A rule that cannot be
// evaluated does not hold. With successful: true it looks at 2xx answers, too.
//
// # What expressions see
//
// Declared inputs and config fields are always there, null (or for config empty) when they were not given.
// Secrets of the configuration can be handed on into addresses, headers and bodies but not read. Expressions
// have no way to the machine: no files, no environment, no network.
package actions
