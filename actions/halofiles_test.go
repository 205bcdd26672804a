package actions_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/sandbox/halo"
)

// Files go up and come down whole up to the bound, which is larger than what an expression may hand on.
func TestHaloFiles(t *testing.T) {
	b := setup(t, halo.Options{})
	ticket := b.object("halo.create_ticket", values{"summary": "With files", "details": "-", "tickettype_id": int64(1)})["id"]
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // the race detector is slow with so many bytes
	defer cancel()
	call := func(id string, inputs values) actions.Outcome { return b.callWithin(ctx, id, inputs) }
	add := func(mib int, prefix string) (values, *fault.Error) {
		content := prefix + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", mib<<20)))
		out := call("halo.add_or_update_attachments", values{"attachments": []any{
			values{"ticket_id": ticket, "filename": "large.bin", "data_base64": content}}})
		if out.Err != nil {
			return nil, out.Err
		}
		return out.Result.([]any)[0].(values), nil
	}
	for _, mib := range []int{1, 20} {
		added, f := add(mib, "data:application/x-test;base64,")
		if f != nil {
			t.Fatalf("%d MiB: %v", mib, f)
		}
		out := call("halo.get_attachment", values{"attachment_id": added["id"]})
		if out.Err != nil {
			t.Fatalf("%d MiB: %v", mib, out.Err)
		}
		got := out.Result.(values)
		content, err := base64.StdEncoding.DecodeString(got["data_base64"].(string))
		if err != nil || len(content) != mib<<20 || got["size"] != int64(mib)<<20 || got["content_type"] != "application/x-test" {
			t.Errorf("%d MiB: %v, %d bytes, size %v, kind %v", mib, err, len(content), got["size"], got["content_type"])
		}
	}
	_, f := add(21, "")
	if f == nil || f.Code != fault.InvalidInput || !strings.Contains(f.Message, "attachments[0].data_base64 must be a file of at most 20 MiB, this one has 21.0 MiB") {
		t.Errorf("over the bound: %v", f)
	}
	if len(b.last.Requests) != 0 {
		t.Error("a file over the bound was sent")
	}
}
