package main

import (
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
)

// sealerOf gives what encrypts the values that workflows redact: the keyring, where it can.
func sealerOf(ring *orgs.Keyring) history.Sealer {
	if s, ok := any(ring).(history.Sealer); ok {
		return s
	}
	return refusing{}
}

// refusing seals nothing: a run that would need it fails instead of keeping the value in the clear.
type refusing struct{}

func (refusing) Seal([]byte, string) (string, error) {
	return "", fault.New(fault.Secret, "the keyring cannot encrypt redacted values")
}

func (refusing) Open(string, string) ([]byte, error) {
	return nil, fault.New(fault.Secret, "the keyring cannot decrypt redacted values")
}
