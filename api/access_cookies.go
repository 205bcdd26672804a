package api

import (
	"net/http"
	"time"

	"gantry/access"
)

// Names of cookies. A browser takes one with the prefix __Host- only over https, from this very host, for all its
// paths; so no other host of the domain can slip one in. On http, which only Doors.PlainHTTP allows, not all browsers
// take such cookies even for this machine, so those have names without it.
const (
	sessionCookie      = "__Host-gantry"
	sessionCookiePlain = "gantry_dev"
	flowCookie         = "__Host-gantry-sign-in"
	flowCookiePlain    = "gantry_dev_sign_in"
)

func (d Doors) sessionCookie() string {
	if d.PlainHTTP {
		return sessionCookiePlain
	}
	return sessionCookie
}

func (d Doors) flowCookie() string {
	if d.PlainHTTP {
		return flowCookiePlain
	}
	return flowCookie
}

// cookie makes a cookie that scripts do not see and that other sites' requests do not carry, but for following a link.
func (d Doors) cookie(name, value string, age time.Duration) http.Cookie {
	c := http.Cookie{Name: name, Value: value, Path: "/", Secure: !d.PlainHTTP, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(age.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

func (d Doors) begun(in access.SignedIn, now time.Time) http.Cookie {
	return d.cookie(d.sessionCookie(), string(in.Secret), in.EndsAt.Sub(now))
}
