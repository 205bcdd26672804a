package schedule

// Problem is why a schedule is refused, for the person who wrote it.
type Problem struct {
	// Field is the part it is about: minute, hour, day of the month, month, day of the week or timezone; empty
	// where it is about the whole.
	Field string
	// Offset is where that part begins in the text, in bytes. 0 where it is about the whole or the time zone.
	Offset int
	// Text says what is wrong, beginning with the field; Hint what to write instead.
	Text, Hint string
}

func (p *Problem) Error() string { return p.Text }
