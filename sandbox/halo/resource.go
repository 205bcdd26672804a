package halo

import (
	"slices"
	"strings"
	"sync"
)

// resource describes one resource of the API as data: where it lives, what it looks like, how it is found and
// which rules its writes obey. Adding a resource is adding one of these.
type resource struct {
	name     string // as in the path
	table    string // where the rows are; name when empty
	schema   string // in fields.txt
	envelope string // key of the rows in a list answer; a plain array when empty
	area     string // of the scopes; configuration when empty

	guidKey  bool   // ids are GUIDs
	parent   string // ids are numbered within this field: ticket_id for actions
	number   string // name of the number within the parent, where it is not id; its path is {parent}&{number}
	negative bool   // ids count down from -1

	writable  bool     // answers POST and DELETE
	required  []string // must be set on create, unless _novalidate
	refs      refs     // fields that name a row of another table
	defaults  record
	custom    int64 // usage number of its custom fields; none when zero
	before    func(*change) *answer
	after     func(*change)
	afterGone func(*state, record)
	soft      bool // delete only marks
	kept      bool // cannot be deleted

	belongs    func(*state, record) bool // rows of a shared table
	always     filter                    // holds for every list
	inactive   string                    // field that takes a row out of lists
	searchMore map[string][]string       // further fields to search, by the parameter that asks for it
	search     []string
	filters    map[string]filter
	sort       string // field lists are sorted by; a minus in front for descending
	wholeList  bool   // lists of all parents when the request names none
	pages      bool   // a plain array that pages none the less
	pageCap    int
	countCap   int
	hidden     map[string]string // field left out of lists, to the parameter that brings it
	top        func(*listing) object

	derive  map[string]derived // computed whenever read
	details map[string]derived // only in a single with includedetails
	indexed []string           // fields whose numbers of rows are kept, for count
	nested  map[string]string  // list fields, to the schema of their entries
	inputs  map[string]kind    // read from posts but not part of the entity
}

type refs map[string]string // field to table

func (r *resource) home() string {
	if r.table != "" {
		return r.table
	}
	return r.name
}

var registry struct {
	once sync.Once
	all  map[string]*resource
}

// resources gives every resource by its lower-case name.
func resources() map[string]*resource {
	registry.once.Do(func() {
		registry.all = map[string]*resource{}
		for _, r := range slices.Concat(ticketResources(), customerResources(), configResources(), businessResources(), webhookResources(), timeResources()) {
			registry.all[strings.ToLower(r.name)] = r
		}
	})
	return registry.all
}
