package halo

import (
	"fmt"
	"strings"
)

// seedClient is one invented client with its sites and people.
type seedClient struct {
	id           int
	name, domain string
	town         string
	sites        []string
	people       []string // the first is the main contact
	vip, stopped bool
	topLevel     int
}

var seedClients = []seedClient{
	{ownClientID, "Acme MSP", "acme-msp.example", "Manchester", []string{"Head Office"}, []string{"API Agent", "Priya Shah"}, false, false, 1},
	{12, "Northwind Dental", "northwind-dental.example", "York", []string{"Main", "Harrogate Surgery"},
		[]string{"Joanna Bloggs", "Samir Patel", "Keira Donnelly", "Owen Fairclough", "Beth Asquith"}, true, false, 1},
	{13, "Harcourt & Vale Solicitors LLP", "harcourtvale.example", "Leeds", []string{"Main", "London Chambers"},
		[]string{"Edmund Harcourt", "Rosalind Vale", "Callum Reid", "Tamsin Whyte", "Yusuf Demir"}, true, false, 1},
	{14, "Contessa Legal Ltd", "contessa-legal.example", "Bristol", []string{"Main"}, []string{"Imogen Castle", "Leo Fontaine",
		"Grace Adeyemi"}, false, false, 1},
	{15, "Bramley Orchards Ltd.", "bramleyorchards.example", "Hereford", []string{"Main", "Packing Shed"},
		[]string{"Hugh Bramley", "Nell Bramley", "Piotr Zielinski", "Carys Morgan"}, false, false, 1},
	{16, "O'Rourke & Sons (Builders) Ltd", "orourkebuilders.example", "Liverpool", []string{"Main"},
		[]string{"Declan O'Rourke", "Siobhan O'Rourke", "Wayne Tully"}, false, false, 1},
	{17, "St. Aldhelm's Academy Trust", "staldhelms.example", "Sherborne", []string{"Main", "Lower School", "Sports Pavilion"},
		[]string{"Margaret Ellison", "Dr Alan Pike", "Fiona Marsh", "Joel Hartley", "Priscilla Boateng", "Neil Standish"}, true, false, 1},
	{18, "Kestrel Freight & Co.", "kestrelfreight.example", "Felixstowe", []string{"Main", "Depot 2"}, []string{"Dean Kestrel", "Monika Baran",
		"Lewis Grant", "Ola Svensson"}, false, false, 2},
	{19, "Lumen Optics (UK) Limited", "lumenoptics.example", "Cambridge", []string{"Main"}, []string{"Helen Zhao", "Rupert Dane",
		"Anita Desai", "Theo Lambert"}, false, false, 1},
	{20, "Müller-Hayes Architects", "mullerhayes.example", "Bath", []string{"Main"}, []string{"Katrin Müller", "David Hayes",
		"Noémie Laurent"}, false, false, 1},
	{21, "Tidewater Marine plc", "tidewatermarine.example", "Southampton", []string{"Main", "Dry Dock"}, []string{"Arthur Penrose",
		"Layla Hassan", "Connor Doyle", "Ruth Gale"}, false, false, 2},
	{22, "The Copper Kettle Bakery Co", "copperkettle.example", "Whitby", []string{"Main"}, []string{"Maisie Thorne", "Jack Thorne",
		"Elena Rossi"}, false, false, 1},
	{23, "Brightwell Care Homes Group", "brightwellcare.example", "Norwich", []string{"Main", "Rosewood House", "The Limes"},
		[]string{"Deborah Quinn", "Martin Oduya", "Shirley Baxter", "Aled Rhys", "Kim Tran"}, false, false, 1},
	{24, "Fernleigh Veterinary Practice", "fernleighvets.example", "Exeter", []string{"Main"}, []string{"Jocelyn Fern"}, false, true, 1},
}

var jobs = []string{"Practice Manager", "Office Manager", "Administrator", "Finance Assistant", "Receptionist", "Director"}

func (s *seeder) clients() {
	s.table("Site").next = 18
	s.table("Users").next = 31
	for _, c := range seedClients {
		s.client(c)
	}
}

func (s *seeder) client(c seedClient) {
	client := s.add("Client", record{"id": c.id, "name": c.name, "toplevel_id": c.topLevel, "is_vip": c.vip, "inactive": c.stopped,
		"website": "https://www." + c.domain, "ref": fmt.Sprintf("CL%04d", c.id), "accountmanagertech": 9, "pritech": 4 + c.id%4, "sectech": 6,
		"accountsemailaddress": "accounts@" + c.domain, "accountsid": fmt.Sprintf("SAGE%04d", c.id), "customertype": 1,
		"customer_relationship": []any{map[string]any{"id": "1", "name": "Customer"}}})
	var sites []record
	for i, name := range c.sites {
		site := s.add("Site", record{"name": name, "client_id": c.id, "inactive": c.stopped, "sla_id": slaOf(c), "emaildomain": c.domain,
			"phonenumber": s.phone(), "isinvoicesite": i == 0, "delivery_address": s.postal(c.town), "invoice_address": s.postal(c.town)})
		sites = append(sites, site)
	}
	client["main_site_id"] = sites[0]["id"]
	s.person(c, sites[0], generalUser, 0)
	for i, name := range c.people {
		user := s.person(c, sites[i%len(sites)], name, i+1)
		if i == 0 {
			sites[0]["maincontact_id"] = user["id"]
		}
	}
}

func slaOf(c seedClient) int {
	if c.vip {
		return 2
	}
	return 1
}

func (s *seeder) person(c seedClient, site record, name string, n int) record {
	first, last, _ := strings.Cut(name, " ")
	u := record{"name": name, "firstname": first, "surname": last, "site_id": site.int("id"), "inactive": c.stopped}
	if n > 0 {
		u["emailaddress"] = address(name, c.domain)
		u["login"], u["phonenumber"], u["mobilenumber"] = u["emailaddress"], s.phone(), fmt.Sprintf("07700 900%03d", s.rand.IntN(1000))
		u["title"], u["isimportantcontact"] = jobs[n%len(jobs)], n == 1
	}
	if c.id == ownClientID && n > 0 {
		u["linked_agent_id"] = s.first("Agent", "name", name)["id"]
	}
	return s.add("Users", u)
}

// phone makes numbers of the ranges that Ofcom keeps for drama.
func (s *seeder) phone() string { return fmt.Sprintf("01632 960%03d", s.rand.IntN(1000)) }

var streets = []string{"Station Road", "High Street", "Mill Lane", "Victoria Terrace", "Church Walk", "Albion Way"}

func (s *seeder) postal(town string) map[string]any {
	return map[string]any{"line1": fmt.Sprintf("%d %s", 1+s.rand.IntN(180), pick(s, streets)), "line2": "", "line3": town, "line4": "",
		"postcode": fmt.Sprintf("ZZ%d %dAA", 1+s.rand.IntN(98), s.rand.IntN(10))}
}
