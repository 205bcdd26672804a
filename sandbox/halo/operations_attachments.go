package halo

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

func attachmentOperations() []operation {
	list := []operation{
		{method: post, resource: "Attachment", path: "document", do: upserts},
		{method: post, resource: "Attachment", path: "image", do: uploadImage, form: true},
		{method: get, resource: "Attachment", path: "image", do: func(*visit) answer { return empty(http.StatusNotFound) }}, // by a token that nobody was given
		{method: get, resource: "Attachment", path: "nhserver/{id}", do: attachmentContent},
	}
	for _, kind := range []string{"document", "image"} {
		list = append(list,
			operation{method: get, resource: "Attachment", path: kind + "/{id}", do: attachmentContent},
			operation{method: http.MethodDelete, resource: "Attachment", path: kind + "/{id}", do: func(v *visit) answer { return v.gone(v.who, v.res, v.id, v.q) }})
	}
	for _, path := range []string{"gets3presignedurl", "presignedurluploadcomplete"} {
		list = append(list, operation{method: post, resource: "Attachment", path: path, do: func(*visit) answer {
			return broken("Attachments are not stored in S3 on this instance.")
		}})
	}
	return list
}

func attachmentContent(v *visit) answer {
	r, refusal := v.locate(v.who, v.res, v.id, v.q)
	if refusal != nil {
		return *refusal
	}
	return v.content(r)
}

// uploadImage takes a picture as a form's file, as editors send it; ticket_id and action_id say where it belongs.
func uploadImage(v *visit) answer {
	kind, params, err := mime.ParseMediaType(v.form)
	if err != nil || kind != "multipart/form-data" {
		return empty(http.StatusUnsupportedMediaType)
	}
	form, err := multipart.NewReader(bytes.NewReader(v.body), params["boundary"]).ReadForm(maxBody)
	if err != nil || len(form.File["file"]) == 0 {
		return modelState{"file": {"The file field is required."}}.answer()
	}
	defer func() { _ = form.RemoveAll() }()
	head := form.File["file"][0]
	file, err := head.Open()
	if err != nil {
		return empty(http.StatusBadRequest)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		return empty(http.StatusBadRequest)
	}
	c := &change{state: v.state, res: v.res, who: v.who, posted: record{"filename": head.Filename, "data_base64": base64.StdEncoding.EncodeToString(content)}}
	for _, name := range []string{"ticket_id", "action_id"} {
		if id := v.q.int(name); id > 0 {
			c.posted[name] = id
		}
	}
	if len(v.q.bad) > 0 {
		return v.q.bad.answer()
	}
	shown, refusal := c.apply()
	if refusal != nil {
		return *refusal
	}
	return jsonAnswer(http.StatusCreated, shown)
}
