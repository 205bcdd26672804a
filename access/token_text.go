package access

import (
	"crypto/rand"
	"hash/crc32"
	"strings"
)

// The form of API tokens: the prefix, 32 random letters and digits (190 bits), and 6 that check them, so that
// scanners of leaked secrets know a Gantry token from what only looks like one.
const (
	tokenPrefix = "gnt_"
	tokenRandom = 32
	tokenCheck  = 6
	tokenLength = len(tokenPrefix) + tokenRandom + tokenCheck
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// TokenText is an API token as a program sends it. Only its digest is kept.
type TokenText string

// String keeps the token out of logs.
func (TokenText) String() string { return tokenPrefix + "[hidden]" }

func newTokenText() TokenText {
	body := randomText(tokenRandom)
	return TokenText(tokenPrefix + body + checkOf(body))
}

// randomText gives n random letters and digits, each of 62 equally likely.
func randomText(n int) string {
	var b strings.Builder
	var raw [64]byte
	for b.Len() < n {
		_, _ = rand.Read(raw[:]) // never fails: it ends the program instead
		for _, r := range raw {
			if int(r) < 4*len(base62) && b.Len() < n { // 248 of 256: the rest would favour some
				b.WriteByte(base62[int(r)%len(base62)])
			}
		}
	}
	return b.String()
}

// checkOf gives the CRC-32 of the random part in six digits to the base of 62.
func checkOf(body string) string {
	var digits [tokenCheck]byte
	n := crc32.ChecksumIEEE([]byte(body))
	for i := tokenCheck - 1; i >= 0; i-- {
		digits[i] = base62[n%62]
		n /= 62
	}
	return string(digits[:])
}

// ParseToken reads a token; ok is false for anything that was never one, which needs no look into the database.
func ParseToken(text string) (token TokenText, ok bool) {
	if len(text) != tokenLength || !strings.HasPrefix(text, tokenPrefix) {
		return "", false
	}
	for _, r := range []byte(text[len(tokenPrefix):]) {
		if strings.IndexByte(base62, r) < 0 {
			return "", false
		}
	}
	body := text[len(tokenPrefix) : tokenLength-tokenCheck]
	if !same(checkOf(body), text[tokenLength-tokenCheck:]) {
		return "", false
	}
	return TokenText(text), true
}

// ending gives the last characters, by which people recognise a token.
func (t TokenText) ending() string { return string(t)[tokenLength-4:] }

// newSetUpSecret makes the secret of a set-up link: 190 random bits.
func newSetUpSecret() string { return randomText(tokenRandom) }
