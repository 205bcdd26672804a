package halo

import (
	"encoding/base64"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
)

// beforeAttachment takes the bytes out of the post: data_base64 (plain or a data: address) or data.
func beforeAttachment(c *change) *answer {
	a := c.next
	content, kind, ok := postedBytes(c.posted)
	delete(a, "data")
	delete(a, "data_base64")
	if !ok {
		return refused(broken("The attachment is not valid base64"))
	}
	if c.creates() && content == nil {
		return refused(broken("The attachment has no content"))
	}
	if ticket := c.posted.int("ticket_id"); ticket > 0 && a.int("unique_id") == 0 {
		a["unique_id"] = ticket // of type 0, a ticket
	}
	if content != nil {
		a["~content"] = string(content)
		a["filesize"] = int64(len(content))
		describeFile(a, kind)
	}
	a.fill(record{"datecreated": haloDate(c.now()), "agent_id": c.who.app.AgentID})
	a["last_updated"] = haloDate(c.now())
	return nil
}

func describeFile(a record, kind string) {
	if kind == "" {
		kind = mime.TypeByExtension(strings.ToLower(filepath.Ext(a.text("filename"))))
	}
	kind, _, _ = strings.Cut(firstOf(kind, "application/octet-stream"), ";")
	a["content_type"] = kind
	a["isimage"] = strings.HasPrefix(kind, "image/")
}

func postedBytes(posted record) (content []byte, kind string, ok bool) {
	for _, name := range []string{"data_base64", "data"} {
		if text := posted.text(name); text != "" {
			return decodeBase64(text)
		}
	}
	return nil, "", true
}

// attach keeps the attachments that come along with a ticket or an action. One that cannot be read is left out.
func (c *change) attach(list []any, where record) {
	res := c.resource("Attachment")
	for _, v := range list {
		fields, _ := v.(map[string]any)
		sub := &change{state: c.state, res: res, who: c.who, posted: record{}}
		for name, value := range fields {
			f, known := schemas()[res.schema].field(name)
			if known && f.name != "id" && f.kind == kindText {
				sub.posted[f.name] = textOf(value)
			}
		}
		sub.next = sub.posted.clone()
		sub.next.fill(where)
		sub.next.fill(res.defaults)
		if isSet(sub.next["filename"]) && beforeAttachment(sub) == nil {
			c.insert(res, sub.next)
		}
	}
}

// content answers the bytes of an attachment, as the real GET /Attachment/{id} does.
func (st *state) content(a record) answer {
	kind := firstOf(a.text("content_type"), "application/octet-stream")
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": a.text("filename")})
	return answer{
		status: http.StatusOK, body: []byte(a.text("~content")), kind: kind,
		header: http.Header{"Content-Disposition": {firstOf(disposition, "attachment")}},
	}
}

func base64Text(content string) string { return base64.StdEncoding.EncodeToString([]byte(content)) }
