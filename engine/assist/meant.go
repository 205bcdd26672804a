package assist

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// meant leaves those of the items that a word may become: first those that begin with it, then those in which it stands,
// then those in which its letters stand in their order.
func meant(word string, items []Item) []Item {
	if word == "" {
		return items
	}
	word = strings.ToLower(word)
	nearness := func(i Item) int { return near(word, strings.ToLower(firstWord(i))) }
	items = slices.DeleteFunc(items, func(i Item) bool { return nearness(i) == far })
	slices.SortStableFunc(items, func(a, b Item) int { return nearness(a) - nearness(b) })
	return items
}

// firstWord is what is typed of an item: of an action with its inputs the action.
func firstWord(i Item) string {
	if i.Kind != "snippet" {
		return i.Label
	}
	word, _, _ := strings.Cut(i.Label, " ")
	return word
}

const far = 3

func near(word, label string) int {
	switch {
	case strings.HasPrefix(label, word):
		return 0
	case strings.Contains(label, word):
		return 1
	}
	for _, r := range word {
		i := strings.IndexRune(label, r)
		if i < 0 {
			return far
		}
		label = label[i+utf8.RuneLen(r):]
	}
	return 2
}
