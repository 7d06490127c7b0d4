package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxRecordMessages bounds the record of a conversation (对话记录): what is older
// is on an earlier one.
const MaxRecordMessages = 500

// ConversationRecordFacts are the messages of a conversation on its record.
type ConversationRecordFacts struct {
	With  string                   `json:"with"`  // the other side
	First int                      `json:"first"` // how many messages the record begins after, plus one
	Total int                      `json:"total"`
	Lines []ConversationRecordLine `json:"lines"`
}

// ConversationRecordLine is one message on a record.
type ConversationRecordLine struct {
	At    time.Time `json:"at"`
	Who   string    `json:"who"`
	Text  string    `json:"text,omitempty"`
	Files []string  `json:"files,omitempty"` // each named with its SHA-256
	Call  bool      `json:"call,omitempty"`  // a step of a call, which is not counted as a message
}

// ConversationRecordFile names a file on a record: its kind and what proves that it is
// this one.
func ConversationRecordFile(n int, f File) string {
	kind := "图片"
	if f.Pages > 0 {
		kind = "PDF"
	}
	return fmt.Sprintf("%s%d，SHA-256：%s", kind, n, f.SHA256)
}

func (d ConversationRecordFacts) variables(f DocumentFacts, v map[string]any) {
	v["执行案号"], v["对话对象"] = f.EnforcementNo, d.With
	v["对话范围"] = fmt.Sprintf("共 %d 条", d.Total)
	if d.First > 1 {
		v["对话范围"] = fmt.Sprintf("共 %d 条，本记录为第 %d 条至第 %d 条", d.Total, d.First, d.Total)
	}
	list := []any{}
	n := d.First
	for _, l := range d.Lines {
		mark := "回电"
		if !l.Call {
			mark = strconv.Itoa(n)
			n++
		}
		list = append(list, map[string]any{
			"序号": mark, "时间": l.At.In(CourtZone).Format("2006年1月2日15时04分05秒"), "发言人": l.Who, "内容": l.Text, "附件": strings.Join(l.Files, "；"),
		})
	}
	v["对话清单"] = list
	v["有附件"] = slices.ContainsFunc(d.Lines, func(l ConversationRecordLine) bool { return len(l.Files) > 0 })
}

func sampleConversationRecord(today Date) *ConversationRecordFacts {
	at := today.Start().Add(9 * time.Hour)
	return &ConversationRecordFacts{With: "当事人甬兴建材（宁波）有限公司", First: 1, Total: 2, Lines: []ConversationRecordLine{
		{At: at, Who: "甬兴建材（宁波）有限公司（当事人）", Text: "款项已汇出，请核对。", Files: []string{ConversationRecordFile(1, File{SHA256: strings.Repeat("0123456789abcdef", 4)})}},
		{At: at.Add(time.Hour), Who: "张某（法院）", Text: "已收到，正在核对。"},
	}}
}
