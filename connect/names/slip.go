package names

import "slices"

// slip tells whether two names that look alike differ by slips of spelling only. Whoever is only measured
// alike may be somebody else: "Site 1" and "Site 2", "Smith Accounting North" and "Smith Accounting South".
func slip(a, b *key) bool {
	if len(a.words) != len(b.words) || min(len([]rune(a.stem)), len([]rune(b.stem))) < nearLength {
		return false
	}
	differ := 0
	for i := range a.words {
		if a.words[i] == b.words[i] {
			continue
		}
		if differ++; differ > 2 || !oneSlip([]rune(a.words[i]), []rune(b.words[i])) {
			return false
		}
	}
	return true
}

// oneSlip tells whether one word is another with a single letter too many, too few or wrong, or two
// neighbours turned round, as hands and ears get them wrong. The first letter is right, short words are
// other words rather than wrong ones, and so are words of less than ten letters with a letter changed: Anderson is not
// Anderton.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a[0] != b[0] {
		return false
	}
	same := commonStart(a, b)
	if len(b) > len(a) {
		plural := same == len(a) && b[same] == 's'
		return slices.Equal(a[same:], b[same+1:]) && (len(b) >= 5 || plural && len(b) >= 4)
	}
	if slices.Equal(a[same+1:], b[same+1:]) {
		return len(a) >= 10
	}
	turned := same+1 < len(a) && a[same] == b[same+1] && a[same+1] == b[same]
	return turned && slices.Equal(a[same+2:], b[same+2:]) && len(a) >= 4
}

func commonStart(a, b []rune) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
