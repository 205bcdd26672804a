package assist

import "strings"

// zoneNames are time zones by the names that the time zone database keeps up.
var zoneNames = strings.Fields(`
UTC Europe/London Europe/Dublin Europe/Lisbon Europe/Madrid Europe/Paris Europe/Brussels Europe/Amsterdam Europe/Luxembourg
Europe/Berlin Europe/Zurich Europe/Vienna Europe/Rome Europe/Malta Europe/Copenhagen Europe/Oslo Europe/Stockholm Europe/Helsinki
Europe/Tallinn Europe/Riga Europe/Vilnius Europe/Warsaw Europe/Prague Europe/Bratislava Europe/Budapest Europe/Ljubljana
Europe/Zagreb Europe/Sarajevo Europe/Belgrade Europe/Skopje Europe/Sofia Europe/Bucharest Europe/Athens Europe/Istanbul
Europe/Kyiv Europe/Chisinau Europe/Minsk Europe/Moscow Atlantic/Reykjavik Atlantic/Azores Atlantic/Canary
America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/Detroit
America/Toronto America/Winnipeg America/Regina America/Edmonton America/Vancouver America/Halifax America/St_Johns
America/Mexico_City America/Tijuana America/Monterrey America/Guatemala America/Costa_Rica America/Panama America/Havana America/Jamaica
America/Puerto_Rico America/Santo_Domingo America/Bogota America/Caracas America/Lima America/La_Paz America/Santiago
America/Sao_Paulo America/Argentina/Buenos_Aires America/Montevideo America/Asuncion Pacific/Honolulu Pacific/Guam
Africa/Casablanca Africa/Algiers Africa/Tunis Africa/Tripoli Africa/Cairo Africa/Lagos Africa/Accra Africa/Abidjan Africa/Nairobi
Africa/Addis_Ababa Africa/Kampala Africa/Dar_es_Salaam Africa/Johannesburg Africa/Harare Africa/Lusaka Africa/Maputo Indian/Mauritius
Asia/Jerusalem Asia/Beirut Asia/Amman Asia/Damascus Asia/Baghdad Asia/Riyadh Asia/Kuwait Asia/Qatar Asia/Bahrain Asia/Dubai Asia/Muscat
Asia/Tehran Asia/Baku Asia/Tbilisi Asia/Yerevan Asia/Kabul Asia/Karachi Asia/Tashkent Asia/Almaty Asia/Kolkata Asia/Colombo
Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta Asia/Singapore Asia/Kuala_Lumpur Asia/Manila
Asia/Hong_Kong Asia/Shanghai Asia/Taipei Asia/Seoul Asia/Tokyo Asia/Ulaanbaatar Asia/Vladivostok
Australia/Perth Australia/Darwin Australia/Adelaide Australia/Brisbane Australia/Sydney Australia/Melbourne Australia/Hobart
Pacific/Auckland Pacific/Fiji Pacific/Port_Moresby Pacific/Tongatapu
`)

func (s *session) zones() []Item { return s.ids(zoneNames, "value") }
