// Package tnef opens winmail.dat, the form in which Outlook hides text and attachments from other mail clients.
//
// It reads the attributes of MS-OXTNEF that hold the text, the HTML, and the name and content of attachments, in one pass
// over slices of its input; sizes in the data are checked against what is there. A body that exists as compressed RTF only
// is not read.
package tnef

import (
	"encoding/binary"
	"strconv"
	"strings"

	"replyby/mailparse/charset"
)

// MaxFiles bounds the attachments read from one file.
const MaxFiles = 200

// Message is what a winmail.dat holds. Text and HTML are UTF-8, empty if absent.
type Message struct {
	Text, HTML string
	Files      []File
}

// File is an attachment. Data is a slice of the input.
type File struct {
	Name, Type string
	Data       []byte
}

const signature = 0x223e9f78

// Attributes (MS-OXTNEF 2.1.3.2) without their type half.
const (
	attBody           = 0x800c
	attAttachData     = 0x800f
	attAttachTitle    = 0x8010
	attAttachRenddata = 0x9002
	attMAPIProps      = 0x9003
	attAttachment     = 0x9005
	attOemCodepage    = 0x9007
	attributeHead     = 9 // level, id, length
	attributeChecksum = 2
)

// Parse reads a winmail.dat. whole is false if it is none or breaks off; what was read until there is returned.
func Parse(data []byte) (m Message, whole bool) {
	const head = 6
	if len(data) < head || binary.LittleEndian.Uint32(data) != signature {
		return m, false
	}
	r := reader{message: &m, codepage: "windows-1252"}
	data = data[head:]
	for len(data) > 0 {
		if len(data) < attributeHead {
			return m, false
		}
		id := binary.LittleEndian.Uint16(data[1:])
		size := uint64(binary.LittleEndian.Uint32(data[5:]))
		data = data[attributeHead:]
		if size > uint64(len(data)) {
			r.attribute(id, data)
			return m, false
		}
		r.attribute(id, data[:size])
		data = data[min(len(data), int(size)+attributeChecksum):]
	}
	return m, true
}

type reader struct {
	message  *Message
	codepage string
	dropped  bool // more files than MaxFiles: attributes belong to one that is not kept
}

func (r *reader) attribute(id uint16, data []byte) {
	switch id {
	case attOemCodepage:
		if len(data) >= 4 {
			r.codepage = "cp" + strconv.FormatUint(uint64(binary.LittleEndian.Uint32(data)), 10)
		}
	case attBody:
		r.message.Text = r.text(data)
	case attMAPIProps:
		properties(data, r.messageProperty)
	case attAttachRenddata:
		r.dropped = len(r.message.Files) >= MaxFiles
		if !r.dropped {
			r.message.Files = append(r.message.Files, File{})
		}
	case attAttachTitle:
		if f := r.file(); f != nil && f.Name == "" {
			f.Name = r.text(data)
		}
	case attAttachData:
		if f := r.file(); f != nil {
			f.Data = data
		}
	case attAttachment:
		properties(data, r.fileProperty)
	}
}

// file returns the attachment the attributes now describe.
func (r *reader) file() *File {
	if n := len(r.message.Files); n > 0 && !r.dropped {
		return &r.message.Files[n-1]
	}
	return nil
}

func (r *reader) text(data []byte) string {
	return strings.TrimRight(charset.Decode(r.codepage, trimZero(data), nil), "\n")
}

// Properties (MS-OXPROPS) that matter here.
const (
	propBody         = 0x1000
	propHTML         = 0x1013
	propAttachData   = 0x3701
	propLongFilename = 0x3707
	propMIMEType     = 0x370e
)

func (r *reader) messageProperty(p property) {
	switch p.id {
	case propBody:
		r.message.Text = r.value(p)
	case propHTML:
		r.message.HTML = r.value(p)
	}
}

func (r *reader) fileProperty(p property) {
	f := r.file()
	if f == nil {
		return
	}
	switch p.id {
	case propLongFilename:
		f.Name = r.value(p)
	case propMIMEType:
		f.Type = strings.ToLower(r.value(p))
	case propAttachData:
		const interfaceID = 16
		if f.Data == nil && len(p.value) > interfaceID {
			f.Data = p.value[interfaceID:]
		}
	}
}

// value reads a text property; kind 0x1f is UTF-16.
func (r *reader) value(p property) string {
	if p.kind == typeUnicode {
		return charset.Decode("utf-16le", p.value, nil)
	}
	return r.text(p.value)
}

func trimZero(data []byte) []byte {
	for len(data) > 0 && data[len(data)-1] == 0 {
		data = data[:len(data)-1]
	}
	return data
}
