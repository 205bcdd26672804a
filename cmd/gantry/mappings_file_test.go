package main

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// A file of mappings is read as a table of organisations is, whatever program saved it.
func TestMappingsFileOfOtherPrograms(t *testing.T) {
	const plain = "organisation,id,entity\nnord,12,Nörd\n"
	var little, big []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(plain, ",", "\t"))) {
		little, big = binary.LittleEndian.AppendUint16(little, unit), binary.BigEndian.AppendUint16(big, unit)
	}
	want := []map[string]string{{"organisation": "nord", "id": "12", "entity": "Nörd"}}
	for name, text := range map[string]string{
		"plain": plain, "with a mark": "\ufeff" + plain, "UTF-16": string(little), "UTF-16, big-endian": string(big),
		"semicolons": strings.ReplaceAll(plain, ",", ";"), "Excel": "sep=;\r\n" + strings.ReplaceAll(strings.ReplaceAll(plain, ",", ";"), "\n", "\r\n"),
		"old Mac": strings.ReplaceAll(plain, "\n", "\r"),
	} {
		rows, err := parseMappings("m.csv", []byte(text))
		if diff := cmp.Diff(want, rows); diff != "" || err != nil {
			t.Error(name, err, diff)
		}
	}
	for text, want := range map[string]string{
		"organisation,id\nM\xfcller,1\n":  "m.csv: The file is not UTF-8: the first character that cannot be read is in line 2.",
		"sep=;\norganisation;id\na;\"b\n": "m.csv:3: ",
	} {
		if _, err := parseMappings("m.csv", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
