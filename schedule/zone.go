package schedule

import (
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // schedules mean the same on machines without a time zone database
)

const zoneExample = "write it as Europe/London, America/New_York or UTC"

// zones are those that have been asked for; only names that exist are kept, so they are some hundred at most.
var zones sync.Map // name -> *time.Location

// commonZones are what people call a zone in other systems, among them Windows' names.
var commonZones = map[string]string{
	"bst": "Europe/London", "uk": "Europe/London", "gmt standard time": "Europe/London", "cest": "Europe/Berlin",
	"w. europe standard time": "Europe/Berlin", "romance standard time": "Europe/Paris",
	"edt": "America/New_York", "et": "America/New_York", "eastern standard time": "America/New_York",
	"cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago", "central standard time": "America/Chicago",
	"mdt": "America/Denver", "mt": "America/Denver", "mountain standard time": "America/Denver",
	"pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "pacific standard time": "America/Los_Angeles",
	"aest": "Australia/Sydney", "aedt": "Australia/Sydney", "aus eastern standard time": "Australia/Sydney",
	"awst": "Australia/Perth", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland", "new zealand standard time": "Pacific/Auckland",
	"ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "z": "UTC", "utc": "UTC", "coordinated universal time": "UTC",
}

// locate finds a time zone by its name in the tz database.
func locate(name string) (*time.Location, *Problem) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	location, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, &Problem{Field: "timezone", Text: fmt.Sprintf("there is no time zone %q", name), Hint: zoneHint(name)}
	}
	zones.Store(name, location)
	return location, nil
}

func zoneHint(name string) string {
	if common, ok := commonZones[strings.ToLower(name)]; ok {
		return "did you mean " + common + "?"
	}
	if strings.ContainsAny(name, "+0123456789") {
		return "an offset knows no summer time; name a place: " + zoneExample
	}
	if proper := properName(name); proper != name {
		if _, err := time.LoadLocation(proper); err == nil {
			return "did you mean " + proper + "?"
		}
	}
	return zoneExample
}

// properName writes america/new york as America/New_York.
func properName(name string) string {
	up := true
	return strings.Map(func(r rune) rune {
		if r == ' ' {
			r = '_'
		}
		letter := strings.ToLower(string(r))
		if up {
			letter = strings.ToUpper(letter)
		}
		up = r == '/' || r == '_' || r == '-'
		return []rune(letter)[0]
	}, name)
}
