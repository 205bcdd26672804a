package expr

import (
	"regexp"
	"sync"

	"github.com/google/cel-go/common/types"
)

var patternFunctions = []function{
	{signs: []string{"text.find(pattern: text) -> optional text"},
		doc:      "Finds the first match of a regular expression (RE2): its first group, or all of it where it has no group.",
		examples: []string{`'Ticket #123 and #124'.find('#([0-9]+)').orValue('') => "123"`, `'none'.find('[0-9]+').orValue('0') => "0"`},
		run: func(a args) (any, error) {
			re, err := pattern(a.text(1))
			if err != nil {
				return nil, err
			}
			m := re.FindStringSubmatch(a.text(0))
			if m == nil {
				return types.OptionalNone, nil
			}
			return types.OptionalOf(types.String(m[min(1, len(m)-1)])), nil
		}},
	{signs: []string{"text.find_all(pattern: text) -> list of text"},
		doc:      "Finds all matches of a regular expression: their first groups, or all of them where it has no group.",
		examples: []string{`'#1, #2'.find_all('#([0-9])') => ["1","2"]`, `'a1b22'.find_all('[0-9]+') => ["1","22"]`, `'x'.find_all('[0-9]') => []`},
		run: func(a args) (any, error) {
			matches, err := allMatches(a)
			out := make([]any, len(matches))
			for i, m := range matches {
				out[i] = m[min(1, len(m)-1)]
			}
			return out, err
		}},
	{signs: []string{"text.find_groups(pattern: text) -> list of list of text"},
		doc:      "Finds all matches of a regular expression; each is the list of its groups.",
		examples: []string{`'a=1;b=2'.find_groups('([a-z])=([0-9])') => [["a","1"],["b","2"]]`},
		run: func(a args) (any, error) {
			matches, err := allMatches(a)
			out := make([]any, len(matches))
			for i, m := range matches {
				out[i] = anys(m[1:])
			}
			return out, err
		}},
	{signs: []string{"text.find_named(pattern: text) -> map of text"},
		doc:      "Finds the first match of a regular expression with named groups; gives the groups by name, and nothing if there is no match.",
		examples: []string{`'host=dc01 port=22'.find_named('host=(?P<host>[a-z0-9]+) port=(?P<port>[0-9]+)') => {"host":"dc01","port":"22"}`, `'x'.find_named('(?P<a>y)') => {}`},
		run: func(a args) (any, error) {
			re, err := pattern(a.text(1))
			if err != nil {
				return nil, err
			}
			out := map[string]any{}
			m := re.FindStringSubmatch(a.text(0))
			for i, name := range re.SubexpNames() {
				if name != "" && i < len(m) {
					out[name] = m[i]
				}
			}
			return out, nil
		}},
	{signs: []string{"text.replace_pattern(pattern: text, replacement: text) -> text"},
		doc:      "Replaces all matches of a regular expression; $1 or ${name} in the replacement stands for a group, $$ for a dollar sign.",
		examples: []string{`'Doe, Jane'.replace_pattern('([A-Za-z]+), ([A-Za-z]+)', '$2 $1') => "Jane Doe"`, `'a  b'.replace_pattern(' +', ' ') => "a b"`},
		run: func(a args) (any, error) {
			re, err := pattern(a.text(1))
			if err != nil {
				return nil, err
			}
			if len(a.text(0))*(len(a.text(2))+1) > maxValue {
				return replaceBounded(re, a.text(0), a.text(2))
			}
			return re.ReplaceAllString(a.text(0), a.text(2)), nil
		}},
	{signs: []string{"text.split_pattern(pattern: text) -> list of text"}, doc: "Cuts the text at the matches of a regular expression.",
		examples: []string{`'a, b;c'.split_pattern('[,;] *') => ["a","b","c"]`},
		run: func(a args) (any, error) {
			re, err := pattern(a.text(1))
			if err != nil {
				return nil, err
			}
			return anys(re.Split(a.text(0), -1)), nil
		}},
}

func allMatches(a args) ([][]string, error) {
	re, err := pattern(a.text(1))
	if err != nil {
		return nil, err
	}
	return re.FindAllStringSubmatch(a.text(0), maxListLength), nil
}

// replaceBounded replaces where the result could become very large.
func replaceBounded(re *regexp.Regexp, text, replacement string) (any, error) {
	var out []byte
	last := 0
	most := maxValue/(len(replacement)+1) + 1
	matches := re.FindAllStringSubmatchIndex(text, most)
	if len(matches) == most {
		return nil, errSize
	}
	for _, m := range matches {
		out = append(out, text[last:m[0]]...)
		out = re.ExpandString(out, replacement, text, m)
		last = m[1]
		if len(out) > maxValue {
			return nil, errSize
		}
	}
	return string(append(out, text[last:]...)), nil
}

// patterns keeps compiled expressions; it is emptied when it is full.
var patterns = struct {
	sync.RWMutex
	known map[string]*regexp.Regexp
}{known: map[string]*regexp.Regexp{}}

const (
	maxPatterns      = 1000
	maxPatternLength = 1000
)

func pattern(text string) (*regexp.Regexp, error) {
	patterns.RLock()
	re := patterns.known[text]
	patterns.RUnlock()
	if re != nil {
		return re, nil
	}
	if len(text) > maxPatternLength {
		return nil, dataErrorf("", "a regular expression may have %d characters at most", maxPatternLength)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, dataErrorf("the syntax is RE2: no look-around, no back-references", "this is not a regular expression: %s", regexWords(err))
	}
	patterns.Lock()
	defer patterns.Unlock()
	if len(patterns.known) >= maxPatterns {
		clear(patterns.known)
	}
	patterns.known[text] = re
	return re, nil
}
