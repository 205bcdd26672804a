package expr

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

var codingFunctions = []function{
	{signs: []string{"text.base64_encode() -> text"}, doc: "Writes the text in Base64.",
		examples: []string{`'user:pass'.base64_encode() => "dXNlcjpwYXNz"`},
		run:      func(a args) (any, error) { return base64.StdEncoding.EncodeToString([]byte(a.text(0))), nil }},
	{signs: []string{"text.base64_decode() -> text"}, doc: "Reads Base64, in the standard or the URL alphabet, with or without padding.",
		examples: []string{`'dXNlcjpwYXNz'.base64_decode() => "user:pass"`},
		run:      func(a args) (any, error) { return decodeBase64(a.text(0)) }},
	{signs: []string{"text.hex_encode() -> text"}, doc: "Writes the bytes of the text in hexadecimal.",
		examples: []string{`'abc'.hex_encode() => "616263"`},
		run:      func(a args) (any, error) { return hex.EncodeToString([]byte(a.text(0))), nil }},
	{signs: []string{"text.hex_decode() -> text"}, doc: "Reads hexadecimal.",
		examples: []string{`'616263'.hex_decode() => "abc"`},
		run: func(a args) (any, error) {
			b, err := hex.DecodeString(a.text(0))
			if err != nil {
				return nil, dataErrorf("", "the text is not hexadecimal")
			}
			return validText(b)
		}},
	{signs: []string{"text.sha256() -> text"}, doc: "Gives the SHA-256 digest in hexadecimal.",
		examples: []string{`'abc'.sha256() => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		run: func(a args) (any, error) {
			sum := sha256.Sum256([]byte(a.text(0)))
			return hex.EncodeToString(sum[:]), nil
		}},
	{signs: []string{"text.sha1() -> text"}, doc: "Gives the SHA-1 digest in hexadecimal. Not for security: some systems want it.",
		examples: []string{`'abc'.sha1() => "a9993e364706816aba3e25717850c26c9cd0d89d"`},
		run: func(a args) (any, error) {
			sum := sha1.Sum([]byte(a.text(0)))
			return hex.EncodeToString(sum[:]), nil
		}},
	{signs: []string{"text.md5() -> text"}, doc: "Gives the MD5 digest in hexadecimal. Not for security: some systems want it.",
		examples: []string{`'abc'.md5() => "900150983cd24fb0d6963f7d28e17f72"`},
		run: func(a args) (any, error) {
			sum := md5.Sum([]byte(a.text(0)))
			return hex.EncodeToString(sum[:]), nil
		}},
	{signs: []string{"text.hmac_sha256(key: text) -> text"}, doc: "Gives the HMAC-SHA-256 of the text under a key, in hexadecimal. The key must not be a secret: those cannot be read by expressions.",
		examples: []string{`'abc'.hmac_sha256('key') => "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab"`},
		run: func(a args) (any, error) {
			mac := hmac.New(sha256.New, []byte(a.text(1)))
			mac.Write([]byte(a.text(0)))
			return hex.EncodeToString(mac.Sum(nil)), nil
		}},
	{signs: []string{"uuid5(namespace: text, name: text) -> text"}, doc: "Makes a UUID of a name: the same name always gives the same UUID. The namespace is dns, url, oid, x500 or a UUID.",
		examples: []string{`uuid5('dns', 'acme.example') => "0637e301-e05d-505b-8267-486f5677de9b"`},
		run:      func(a args) (any, error) { return uuid5(a.text(0), a.text(1)) }},
}

func decodeBase64(s string) (any, error) {
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "").Replace(s), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil, dataErrorf("", "the text is not Base64")
	}
	return validText(b)
}

func validText(b []byte) (any, error) {
	if !utf8.Valid(b) {
		return nil, dataErrorf("", "the bytes are not text (UTF-8)")
	}
	return string(b), nil
}

func uuid5(namespace, name string) (any, error) {
	known := map[string]uuid.UUID{"dns": uuid.NameSpaceDNS, "url": uuid.NameSpaceURL, "oid": uuid.NameSpaceOID, "x500": uuid.NameSpaceX500}
	space, ok := known[strings.ToLower(namespace)]
	if !ok {
		var err error
		if space, err = uuid.Parse(namespace); err != nil {
			return nil, dataErrorf("write dns, url, oid, x500 or a UUID", "%q is not a namespace for UUIDs", namespace)
		}
	}
	return uuid.NewSHA1(space, []byte(name)).String(), nil
}
