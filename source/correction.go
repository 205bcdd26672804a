package source

// Correction is a word that stands in the file and another one that was most likely meant.
type Correction struct {
	At   Pos    // where Word stands, or the quote before it
	Word string // as it is written
	With string // what to write in its place
	// Says is what the correction does, for people; "": it only puts the one in the place of the other.
	Says string
}

// Meant sets the hint for an unknown word to what DidYouMean says of it, and offers the word that was meant.
func (d *Diagnostic) Meant(word string, known []string) {
	d.Hint = DidYouMean(word, known)
	d.Offer(word, Suggest(word, known))
}

// Offer offers a word in the place of another that stands where the diagnostic does; "" offers none.
func (d *Diagnostic) Offer(word, with string) {
	if with != "" {
		d.Corrections = append(d.Corrections, Correction{At: d.Pos, Word: word, With: with})
	}
}
