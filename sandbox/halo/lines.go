package halo

// numberLines gives the lines of a saved invoice or quote their ids, counted within it, and under header the id of
// what they stand on.
func numberLines(header string) func(*change) {
	return func(c *change) {
		last := int64(0)
		for _, v := range c.next.list("lines") {
			if line, ok := v.(map[string]any); ok {
				last = max(last, toInt(line["id"]))
			}
		}
		for _, v := range c.next.list("lines") {
			line, ok := v.(map[string]any)
			if !ok {
				continue
			}
			if toInt(line["id"]) <= 0 {
				last++
				line["id"] = last
			}
			line[header] = c.next["id"]
		}
	}
}
