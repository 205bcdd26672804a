package expr

import "time"

// ReadTime reads a time that says itself how it is written, as parse_date does without a format: without a
// zone it is UTC.
func ReadTime(text string) (time.Time, bool) {
	v, err := readTime(text)
	t, ok := v.(time.Time)
	return t, ok && err == nil
}
