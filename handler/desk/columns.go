package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/administration"
	"microcourt/service/agency"
	"microcourt/service/notice"
	"microcourt/service/performance"
)

// faced is a row of a list with what identifies its case.
type faced[T any] struct {
	Row  T
	Face model.CaseFace
}

// withFaces lets a list know what identifies the cases of its rows.
func withFaces[T any](d *Desk, c *gin.Context, read func(context.Context, string, int) ([]T, string, error), caseOf func(T) int64) func(context.Context, string, int) ([]faced[T], string, error) {
	by := web.Actor(c)
	return func(ctx context.Context, from string, limit int) ([]faced[T], string, error) {
		rows, next, err := read(ctx, from, limit)
		if err != nil {
			return nil, "", err
		}
		ids := make([]int64, 0, len(rows))
		for _, r := range rows {
			if id := caseOf(r); id != 0 {
				ids = append(ids, id)
			}
		}
		faces, err := d.svc.Filing.Faces(ctx, by, ids)
		if err != nil {
			return nil, "", err
		}
		out := make([]faced[T], len(rows))
		for i, r := range rows {
			out[i] = faced[T]{r, faces[caseOf(r)]}
		}
		return out, next, nil
	}
}

// sides, owed and open are the columns that identify a case: who against whom,
// how much, and how much of it is not performed.
func sides[T any]() column[faced[T]] {
	return column[faced[T]]{name: "当事人", class: "name", cell: func(r faced[T]) cell {
		return cell{Text: cut(r.Face.Sides(), 30), Value: r.Face.Sides(), Title: r.Face.Sides()}
	}}
}

func owed[T any]() column[faced[T]] {
	return column[faced[T]]{name: "标的（元）", class: "num aside", cell: func(r faced[T]) cell { return money(r.Face.AmountFen) }}
}

func unpaid[T any]() column[faced[T]] {
	return column[faced[T]]{name: "未履行（元）", class: "num", cell: func(r faced[T]) cell {
		c := money(r.Face.OpenFen)
		if r.Face.InterestFen > 0 {
			c.Small = "另欠利息 " + r.Face.InterestFen.Yuan()
		}
		return c
	}}
}

// whenSeveral adds columns that tell the rows of several people apart; of one
// person's list each says the same.
func whenSeveral[T any](all bool, columns []column[T], more ...column[T]) []column[T] {
	if !all {
		return columns
	}
	return append(columns, more...)
}

func short(text string, n int) cell { return cell{Text: cut(text, n), Value: text, Title: text} }

func stateOf(s interface{ Chinese() string }) cell {
	return cell{Marks: []mark{{s.Chinese(), tone(fmt.Sprint(s)), ""}}}
}

func caseLink(id int64, tab string) string {
	if id == 0 {
		return ""
	}
	return address(fmt.Sprintf("/desk/cases/%d", id), "tab", tab)
}

func enforcementLink(id int64, tab string) string {
	return fmt.Sprintf("/desk/enforcement/%d%s", id, tab)
}

func officerName(name string) cell {
	if name == "" {
		name = "待分案"
	}
	return say(name)
}

func caseColumns(today model.Date, judges map[int64]string, several bool) []column[faced[model.Case]] {
	type row = faced[model.Case]
	out := []column[row]{
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(fmt.Sprintf("/desk/cases/%d", r.Row.ID)) }},
		sides[model.Case](),
		{name: "案由", class: "aside", cell: func(r row) cell { return short(r.Row.Cause, 16) }},
		owed[model.Case](),
		unpaid[model.Case](),
		{name: "履行状态", help: "performance", cell: func(r row) cell {
			return stateOf(r.Row.Performance).mark(!r.Row.EnforcementFiledOn.IsZero(), bad, "已进入执行").
				mark(!r.Row.VoluntaryDueOn.IsZero() && r.Row.VoluntaryDueOn.Before(today) && r.Row.Performance != model.PerformanceFulfilled, bad, "已逾期")
		}},
		{name: "下一到期日", help: "due", class: "nowrap", up: "due", cell: func(r row) cell { return onDay(r.Row.NextDueOn) }},
		{name: "立案日", class: "nowrap aside", cell: func(r row) cell { return onDay(r.Row.FiledOn) }},
	}
	return whenSeveral(several, out, column[row]{name: "承办法官", class: "nowrap", cell: func(r row) cell { return say(judges[r.Row.JudgeID]) }})
}

func enforcementColumns(several bool) []column[faced[model.EnforcementLine]] {
	type row = faced[model.EnforcementLine]
	out := []column[row]{
		{name: "执行案号", class: "nowrap", cell: func(r row) cell {
			c := say(r.Row.CaseNo).to(enforcementLink(r.Row.ID, ""))
			c.Small = "依据 " + r.Row.BasisNo
			return c
		}},
		{name: "被执行人", class: "name", cell: func(r row) cell { return short(r.Row.Debtors, 30) }},
		{name: "申请执行人", class: "name aside", cell: func(r row) cell { return short(r.Face.Creditors, 20) }},
		{name: "标的（元）", class: "num", cell: func(r row) cell { return money(r.Row.AmountFen) }},
		{name: "案件未履行（元）", class: "num aside", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "状态", cell: func(r row) cell {
			c := stateOf(r.Row.State)
			if c.Marks[0].Tone = wait; r.Row.State != model.EnforcementOpen {
				c.Marks[0] = mark{r.Row.CloseType.Chinese(), quiet, ""}
			}
			return c.mark(!r.Row.PerformedOn.IsZero(), good, "已全部履行")
		}},
		{name: "最近期限", help: "task.clock", class: "nowrap", cell: func(r row) cell {
			return moment(r.Row.NextDue).mark(r.Row.Late > 0, bad, fmt.Sprintf("%d 项超期", r.Row.Late))
		}},
		{name: "立案日", class: "nowrap aside", cell: func(r row) cell { return onDay(r.Row.FiledOn) }},
	}
	return whenSeveral(several, out, column[row]{name: "执行法官", class: "nowrap", cell: func(r row) cell { return officerName(r.Row.Officer) }})
}

func taskColumns(now time.Time, by model.Actor, whole bool) []column[faced[model.TaskLine]] {
	type row = faced[model.TaskLine]
	end := model.DateOf(now).EndOfDay()
	out := []column[row]{
		{name: "期限", class: "nowrap", cell: func(r row) cell {
			late := r.Row.Late(now)
			return moment(r.Row.DueAt).mark(late, bad, "已超期").mark(!late && r.Row.State == model.TaskOpen && !r.Row.DueAt.After(end), wait, "今天")
		}},
		{name: "事项", cell: func(r row) cell {
			c := say(r.Row.Kind.Chinese())
			if r.Row.Title != c.Text {
				c.Text += " " + r.Row.Title
			}
			if !whole && r.Row.OwnerID != by.UserID {
				c.Text += "（代" + r.Row.Owner + "办理）"
			}
			if c.Small = r.Row.DueReason; r.Row.Result != "" {
				c.Small += "　" + r.Row.Result
			}
			return c.to(taskAt(r.Row.Task))
		}},
		{name: "案号", class: "nowrap", cell: func(r row) cell {
			if r.Row.EnforcementCaseID != 0 {
				return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, ""))
			}
			return say(r.Row.CaseNo).to(caseLink(r.Row.CaseID, ""))
		}},
		sides[model.TaskLine](),
		unpaid[model.TaskLine](),
	}
	return whenSeveral(whole, out, column[row]{name: "办理人", class: "nowrap", cell: func(r row) cell {
		if r.Row.Owner == "" {
			return say("院领导")
		}
		return say(r.Row.Owner)
	}})
}

func measureColumns(now time.Time, several bool) []column[faced[model.MeasureLine]] {
	type row = faced[model.MeasureLine]
	out := []column[row]{
		{name: "措施", class: "nowrap", cell: func(r row) cell { return say(r.Row.Kind.Chinese()).to(fmt.Sprintf("/desk/measures/%d", r.Row.ID)) }},
		{name: "对象", class: "name", cell: func(r row) cell { return short(r.Row.SubjectName, 24) }},
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, "/measures")) }},
		{name: "文号", class: "nowrap aside", cell: func(r row) cell { return say(r.Row.Number) }},
		{name: "案件未履行（元）", class: "num", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "状态", cell: func(r row) cell {
			return stateOf(r.Row.State).mark(r.Row.Pending() != "", wait, r.Row.Pending())
		}},
		{name: "期满", class: "nowrap", cell: func(r row) cell {
			if r.Row.EndsAt != nil {
				return moment(*r.Row.EndsAt)
			}
			return onDay(r.Row.Until)
		}},
		{name: "下一事项", class: "aside", cell: func(r row) cell {
			if r.Row.Next.ID == 0 {
				return say("")
			}
			c := say(r.Row.Next.Title)
			c.Small = at(r.Row.Next.DueAt)
			return c.mark(r.Row.Next.Late(now), bad, "已超期")
		}},
	}
	return whenSeveral(several, out, column[row]{name: "执行法官", class: "nowrap", cell: func(r row) cell { return officerName(r.Row.Officer) }})
}

func decisionColumns() []column[faced[model.MeasureLine]] {
	type row = faced[model.MeasureLine]
	return []column[row]{
		{name: "措施", class: "nowrap", cell: func(r row) cell {
			text := "延长失信期限"
			switch {
			case r.Row.State == model.MeasureProposed:
				text = r.Row.Kind.Chinese()
			case r.Row.LiftAskedAt != nil:
				text = "解除" + r.Row.Kind.Chinese()
			}
			return say(text).to(fmt.Sprintf("/desk/measures/%d", r.Row.ID))
		}},
		{name: "对象", class: "name", cell: func(r row) cell { return short(r.Row.SubjectName, 30) }},
		{name: "事由", cell: func(r row) cell {
			switch {
			case r.Row.State == model.MeasureProposed:
				return short(r.Row.Kind.GroundOf(r.Row.Ground).Text, 40)
			case r.Row.LiftAskedAt != nil:
				return short(r.Row.LiftGround.Chinese(), 40)
			}
			return say("见提请延长的理由")
		}},
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo) }},
		{name: "申请执行人", class: "name aside", cell: func(r row) cell { return short(r.Face.Creditors, 20) }},
		{name: "案件未履行（元）", class: "num", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "执行法官", class: "nowrap", cell: func(r row) cell { return officerName(r.Row.Officer) }},
		{name: "提出", class: "nowrap", cell: func(r row) cell {
			switch {
			case r.Row.State == model.MeasureProposed:
				return moment(r.Row.ProposedAt)
			case r.Row.LiftAskedAt != nil:
				return moment(*r.Row.LiftAskedAt)
			}
			return moment(r.Row.UpdatedAt)
		}},
	}
}

func cleanUpColumns() []column[faced[model.CleanUpLine]] {
	type row = faced[model.CleanUpLine]
	return []column[row]{
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, "/clean-up")) }},
		{name: "被执行人", class: "name", cell: func(r row) cell { return short(r.Row.Debtor, 30) }},
		{name: "标的（元）", class: "num aside", cell: func(r row) cell { return money(r.Face.AmountFen) }},
		{name: "执行法官", class: "nowrap", cell: func(r row) cell { return officerName(r.Row.Officer) }},
		{name: "开始", class: "nowrap aside", cell: func(r row) cell { return moment(r.Row.OpenedAt) }},
		{name: "状态", cell: func(r row) cell {
			c := stateOf(r.Row.State)
			if r.Row.State == model.CleanUpHeld {
				c.Marks[0].Tone = bad
			}
			c.Small = cut(r.Row.HoldReason, 40)
			return c
		}},
		{name: "未办", class: "num", cell: func(r row) cell { return amount(int64(r.Row.Open)) }},
		{name: "超期", class: "num", cell: func(r row) cell { return amount(int64(r.Row.Late)) }},
		{name: "最近期限", help: "task.clock", class: "nowrap", cell: func(r row) cell { return moment(r.Row.NextDue) }},
	}
}

func queryColumns() []column[faced[model.AssetQueryLine]] {
	type row = faced[model.AssetQueryLine]
	return []column[row]{
		{name: "申请", class: "nowrap", cell: func(r row) cell { return moment(r.Row.CreatedAt).to(fmt.Sprintf("/desk/queries/%d", r.Row.ID)) }},
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, "")) }},
		{name: "被执行人", class: "name", cell: func(r row) cell { return short(r.Row.Party, 24) }},
		{name: "案件未履行（元）", class: "num aside", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "类别", class: "nowrap", cell: func(r row) cell { return say(r.Row.Kind.Chinese()) }},
		{name: "状态", class: "nowrap", cell: func(r row) cell {
			text := r.Row.State.Chinese()
			if r.Row.State == model.QueryAnswered {
				text += fmt.Sprintf("（%d 项）", r.Row.Found)
			}
			return say(text)
		}},
		{name: "答复期限", help: "query.clock", class: "nowrap", cell: func(r row) cell { return onDay(r.Row.DueOn) }},
		{name: "执行法官", cell: func(r row) cell { return officerName(r.Row.Officer) }},
	}
}

func assistanceColumns() []column[model.AssistanceLine] {
	type row = model.AssistanceLine
	return []column[row]{
		{name: "请求", class: "nowrap", cell: func(r row) cell { return moment(r.CreatedAt).to(fmt.Sprintf("/desk/assistance/%d", r.ID)) }},
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(enforcementLink(r.EnforcementCaseID, "")) }},
		{name: "被执行人", class: "name", cell: func(r row) cell { return short(r.Name, 24) }},
		{name: "事项", class: "nowrap", cell: func(r row) cell { return say(r.Kind.Chinese()) }},
		{name: "村（社区）", cell: func(r row) cell { return say(r.Town + r.Village) }},
		{name: "联络员", cell: func(r row) cell { return say(r.Liaison) }},
		{name: "状态", class: "nowrap", cell: func(r row) cell { return say(r.State.Chinese()) }},
		{name: "反馈期限", help: "assistance.clock", class: "nowrap", cell: func(r row) cell { return onDay(r.DueOn) }},
	}
}

func relativeColumns(now time.Time) []column[model.RelativeLine] {
	type row = model.RelativeLine
	return []column[row]{
		{name: "申请人", class: "nowrap", cell: func(r row) cell {
			c := short(r.Name, 12).to(fmt.Sprintf("/desk/relatives/%d", r.ID))
			c.Small = model.MaskPhone(r.Phone)
			return c
		}},
		{name: "与被执行人的关系", class: "nowrap", cell: func(r row) cell { return say(r.Relation.Chinese()) }},
		{name: "被执行人", class: "name", cell: func(r row) cell {
			if r.Debtor != "" {
				return short(r.Debtor, 24)
			}
			c := short(r.DebtorName, 24)
			c.Small = "申请人所填，待选定"
			return c
		}},
		{name: "执行案件", class: "nowrap", cell: func(r row) cell {
			if r.Basis == "" {
				return say("—")
			}
			return say(r.Basis).to(enforcementLink(r.EnforcementCaseID, "/family"))
		}},
		{name: "来源", help: "relative.via", cell: func(r row) cell { return say(r.Via.Chinese()) }},
		{name: "执行法官", class: "nowrap", cell: func(r row) cell { return say(r.Officer) }},
		{name: "申请时间", class: "nowrap", cell: func(r row) cell { return cell{Text: ago(now, r.CreatedAt), Value: r.CreatedAt, Title: at(r.CreatedAt)} }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.State) }},
	}
}

func repairColumns() []column[faced[model.RepairLine]] {
	type row = faced[model.RepairLine]
	return []column[row]{
		{name: "申请人", class: "name", cell: func(r row) cell { return short(r.Row.Name, 24).to(fmt.Sprintf("/desk/repairs/%d", r.Row.ID)) }},
		{name: "执行案件", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, "/repair")) }},
		{name: "案件未履行（元）", class: "num", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.Row.State) }},
		{name: "决定期限", class: "nowrap", cell: func(r row) cell { return onDay(r.Row.DueOn) }},
	}
}

func releaseColumns() []column[faced[model.ReviewLine]] {
	type row = faced[model.ReviewLine]
	return []column[row]{
		{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(enforcementLink(r.Row.EnforcementCaseID, "/settlement")) }},
		{name: "当事人", class: "name", cell: func(r row) cell { return short(r.Face.Sides(), 30) }},
		{name: "拟解除", cell: func(r row) cell { return say(r.Row.Subject) }},
		{name: "约定（元）", class: "num", cell: func(r row) cell { return money(r.Row.PromisedFen) }},
		{name: "应到（元）", class: "num", cell: func(r row) cell { return money(r.Row.DueFen) }},
		{name: "实到（元）", class: "num", cell: func(r row) cell { return money(r.Row.ArrivedFen) }},
		{name: "差（元）", class: "num", cell: func(r row) cell { return money(r.Row.ShortfallFen) }},
		{name: "理由", cell: func(r row) cell { return say(r.Row.Reason) }},
		{name: "决定期限", class: "nowrap", cell: func(r row) cell { return onDay(r.Row.DueOn) }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.Row.State) }},
	}
}

func conversationColumns(now time.Time, several bool) []column[faced[model.WaitingConversation]] {
	type row = faced[model.WaitingConversation]
	today := model.DateOf(now)
	out := []column[row]{
		{name: "答复期限", class: "nowrap", cell: func(r row) cell {
			return onDay(r.Row.AnswerBy).mark(r.Row.AnswerBy.Before(today), bad, "已超期").mark(r.Row.AnswerBy == today, wait, "今天")
		}},
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(threadAddress(r.Row.CaseID, r.Row.ID, r.Row.RelativeID)) }},
		{name: "留言人", class: "name", cell: func(r row) cell { return short(r.Row.Party, 24) }},
		{name: "当事人", class: "name aside", cell: func(r row) cell { return short(r.Face.Sides(), 24) }},
		{name: "最近留言", cell: func(r row) cell { return short(r.Row.Excerpt, 40) }},
		{name: "时间", class: "nowrap", cell: func(r row) cell {
			return cell{Text: ago(now, r.Row.LastAt), Value: r.Row.LastAt, Title: at(r.Row.LastAt)}
		}},
	}
	return whenSeveral(several, out, column[row]{name: "答复人", class: "nowrap", cell: func(r row) cell { return say(r.Row.Owner) }})
}

func prisonLetterColumns(today model.Date) []column[faced[model.PrisonLetterLine]] {
	type row = faced[model.PrisonLetterLine]
	return []column[row]{
		{name: "期限", class: "nowrap", cell: func(r row) cell {
			c := onDay(r.Row.DueOn)
			if c.Title = r.Row.DueReason; r.Row.State == model.PrisonLetterOpen && !r.Row.Late(today) {
				c.Small = fmt.Sprintf("还有 %d 天", r.Row.DaysLeft(today))
			}
			return c.mark(r.Row.Late(today), bad, "已超期")
		}},
		{name: "来函机关", cell: func(r row) cell { c := say(r.Row.Asker); c.Small = r.Row.DocumentNo; return c }},
		{name: "罪犯", class: "name", cell: func(r row) cell { return say(r.Row.Convict) }},
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(caseLink(r.Row.CaseID, "penalty")) }},
		{name: "判处（元）", class: "num aside", cell: func(r row) cell { return money(r.Face.AmountFen) }},
		{name: "未履行（元）", class: "num", cell: func(r row) cell { return money(r.Face.OpenFen) }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.Row.State).mark(r.Row.LateAnswer(), bad, "超期答复") }},
	}
}

func certificateColumns(parties, numbers map[int64]string) []column[model.Certificate] {
	type row = model.Certificate
	return []column[row]{
		{name: "编号", class: "nowrap", cell: func(r row) cell { return say(r.Number).to(fmt.Sprintf("/desk/certificates/%d/pdf", r.ID)) }},
		{name: "持有人", class: "name", cell: func(r row) cell { return say(parties[r.PartyID]) }},
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(numbers[r.CaseID]).to(caseLink(r.CaseID, "certificate")) }},
		{name: "状态", help: "revocation", cell: func(r row) cell { return stateOf(r.State) }},
		{name: "金额（元）", class: "num", cell: func(r row) cell { return money(r.TotalFen) }},
		{name: "履行情形", class: "aside", cell: func(r row) cell { return say(r.Timeliness.Chinese()) }},
		{name: "出具时间", class: "nowrap aside", cell: func(r row) cell { return moment(r.IssuedAt) }},
	}
}

func paperColumns(labels *model.Labels) []column[faced[notice.Paper]] {
	type row = faced[notice.Paper]
	return []column[row]{
		{name: "文书", class: "name", cell: func(r row) cell {
			if r.Row.DocumentID != 0 {
				return say(r.Row.Title).to(fmt.Sprintf("/desk/documents/%d", r.Row.DocumentID))
			}
			return say(r.Row.Title).to(caseLink(r.Row.CaseID, "notices"))
		}},
		{name: "受送达人", class: "name", cell: func(r row) cell { return say(labels.Parties[r.Row.PartyID]) }},
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(labels.Cases[r.Row.CaseID]).to(caseLink(r.Row.CaseID, "")) }},
		{name: "原因", cell: func(r row) cell {
			if r.Row.Cause == model.PaperRequested {
				return say("当事人要求纸质文书")
			}
			return say("电子渠道未能送到")
		}},
		{name: "提出", class: "nowrap", cell: func(r row) cell { return moment(r.Row.CreatedAt) }},
	}
}

func deliveryColumns(labels *model.Labels, named bool) []column[faced[notice.Delivery]] {
	type row = faced[notice.Delivery]
	return []column[row]{
		{name: "通知", class: "name", cell: func(r row) cell { return say(r.Row.Title) }},
		{name: "收件人", class: "name", cell: func(r row) cell {
			switch {
			case r.Row.To == 0:
				return say("本院工作人员")
			case !named:
				return say("当事人")
			}
			return say(labels.Parties[r.Row.To])
		}},
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(labels.Cases[r.Row.CaseID]).to(caseLink(r.Row.CaseID, "notices")) }},
		{name: "渠道", class: "nowrap", cell: func(r row) cell { return say(model.ChannelNames[r.Row.Channel]) }},
		{name: "结果", cell: func(r row) cell { return say(r.Row.StateText) }},
		{name: "原因在", cell: func(r row) cell { return say(r.Row.Explained.Whose) }},
		{name: "怎样处理", cell: func(r row) cell { return say(r.Row.Explained.Do) }},
		{name: "时间", class: "nowrap", cell: func(r row) cell { return moment(r.Row.UpdatedAt) }},
	}
}

func join[T any](list []T, text func(T) string) string {
	var out []string
	for _, v := range list {
		out = append(out, text(v))
	}
	return strings.Join(out, "、")
}

func receiptColumns() []column[faced[performance.QueueLine]] {
	type row = faced[performance.QueueLine]
	return []column[row]{
		{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.Row.CaseNo).to(fmt.Sprintf("/desk/receipts/%d", r.Row.ID)) }},
		sides[performance.QueueLine](),
		{name: "付款人", class: "name", cell: func(r row) cell { return say(r.Row.PayerName) }},
		{name: "申报（元）", help: "receipt.claimed", class: "num", down: string(model.SortAmount), cell: func(r row) cell { return money(r.Row.ClaimedFen) }},
		{name: "确认（元）", class: "num", cell: func(r row) cell { return money(r.Row.ConfirmedFen) }},
		unpaid[performance.QueueLine](),
		{name: "付款日", class: "nowrap", cell: func(r row) cell { return onDay(r.Row.PaidOn) }},
		{name: "凭证", cell: func(r row) cell { return say(r.Row.ProofKind.Chinese()) }},
		{name: "提示", help: "receipt.flag", down: string(model.SortFlagged), cell: func(r row) cell {
			return say(join(r.Row.Flags, func(f model.ReceiptFlag) string { return f.Kind.Chinese() }))
		}},
		{name: "提交", class: "nowrap", up: own, down: string(model.SortNewest), cell: func(r row) cell { return moment(r.Row.SubmittedAt) }},
		{name: "到期日", class: "nowrap", cell: func(r row) cell { return onDay(r.Row.DueOn) }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.Row.State) }},
	}
}

// receiptTable is the list of receipts that a filter gives.
func (d *Desk) receiptTable(c *gin.Context, f model.QueueFilter) table[faced[performance.QueueLine]] {
	by := web.Actor(c)
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]performance.QueueLine, error) {
		f.After, f.Limit = from, limit
		list, flags, err := d.svc.Performance.Queue(ctx, by, f)
		out := make([]performance.QueueLine, len(list))
		for i, r := range list {
			out[i] = performance.QueueLine{Receipt: r, Flags: flags[r.ID]}
		}
		return out, err
	}, func(l performance.QueueLine) int64 { return l.ID })
	words := map[bool]string{true: "是"}
	return table[faced[performance.QueueLine]]{
		title: "回执", unit: "份", columns: receiptColumns(), cursor: "after", limit: queuePage, ordered: true,
		read: withFaces(d, c, read, func(l performance.QueueLine) int64 { return l.CaseID }),
		conditions: []condition{
			{"状态", f.State.Chinese()}, {"案件类型", f.Kind.Chinese()}, {"查找", f.Text}, {"有提示", words[f.Flagged]}, {"提示", f.Flag.Chinese()}, {"权利人的答复", f.Answer.Chinese()}, {"等待过久", words[!f.SubmittedBefore.IsZero()]},
		},
	}
}

func dutyTaskColumns(base string, court bool) []column[agency.TaskLine] {
	type row = agency.TaskLine
	out := []column[row]{
		{name: "事项", class: "nowrap", cell: func(r row) cell { return say(r.Duty.Code).to(fmt.Sprintf("%s/%d", base, r.ID)) }},
		{name: "工作要求", cell: func(r row) cell {
			text := r.Duty.Requirement
			if r.Phase == model.PhaseLift {
				text = "解除：" + text
			}
			return say(text)
		}},
		{name: "对象", help: "duty.subject", cell: func(r row) cell {
			if r.MeasureID == 0 {
				return say("—")
			}
			return say(r.Subject() + " " + r.On.Kind.Chinese())
		}},
		{name: "时限", help: "duty.clock", class: "nowrap", cell: func(r row) cell { return onDay(r.DueOn) }},
		{name: "状态", cell: func(r row) cell { return stateOf(r.Standing()) }},
	}
	return whenSeveral(court, out, column[row]{name: "单位", cell: func(r row) cell { return say(r.Agency) }})
}

// dutyTaskTable is the list of agencies' tasks that a filter gives.
func (d *Desk) dutyTaskTable(c *gin.Context, base string, f model.AgencyTaskFilter) table[agency.TaskLine] {
	by := web.Actor(c)
	return table[agency.TaskLine]{
		title: map[bool]string{true: "责任单位的任务", false: "本单位事项"}[base == "/desk/duty-tasks"], unit: "项", columns: dutyTaskColumns(base, base == "/desk/duty-tasks"), cursor: "after", limit: casePage,
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]agency.TaskLine, error) {
			f.After, f.Limit = from, limit
			return d.svc.Agency.Tasks(ctx, by, f)
		}, func(l agency.TaskLine) int64 { return l.ID }),
		conditions: []condition{{"状态", f.State.Chinese()}, {"事由", f.Phase.Chinese()}, {"时限自", dayOrNone(f.From)}, {"时限至", dayOrNone(f.To)}},
	}
}

func dayOrNone(v model.Date) string {
	if v.IsZero() {
		return ""
	}
	return v.String()
}

// ownQueryTable is what an agency is asked.
func (d *Desk) ownQueryTable(c *gin.Context, state model.QueryState) table[model.AssetQueryLine] {
	by, today := web.Actor(c), model.DateOf(d.cfg.Now())
	type row = model.AssetQueryLine
	return table[row]{
		title: "协助查询", cursor: "after", limit: casePage, empty: "没有需要协助的查询。",
		columns: []column[row]{
			{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(fmt.Sprintf("/desk/own/queries/%d", r.ID)) }},
			{name: "查询", class: "nowrap", cell: func(r row) cell { return say(r.Kind.Chinese()) }},
			{name: "用途", cell: func(r row) cell { return short(r.Purpose, 60) }},
			{name: "答复期限", class: "nowrap", cell: func(r row) cell {
				return onDay(r.DueOn).mark(r.State == model.QuerySent && r.DueOn.Before(today), bad, "已逾期")
			}},
			{name: "状态", cell: func(r row) cell {
				c := stateOf(r.State)
				if c.Marks[0].Tone = quiet; r.State == model.QuerySent {
					c.Marks[0].Tone = wait
				}
				return c
			}},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.AssetQuery.AddressedTo(ctx, by, model.AssetQueryFilter{State: state, Before: from, Limit: limit})
		}, func(l row) int64 { return l.ID }),
		conditions: []condition{{"状态", state.Chinese()}},
	}
}

// agencyTable is the directory; telephones stay masked.
func (d *Desk) agencyTable(c *gin.Context) table[agency.Entry] {
	by := web.Actor(c)
	type row = agency.Entry
	return table[row]{
		title: "责任单位", unit: "个", cursor: "after", limit: casePage, empty: "通讯录中还没有单位。",
		columns: []column[row]{
			{name: "单位", class: "name", cell: func(r row) cell {
				return say(r.Name).to(fmt.Sprintf("/desk/agencies/%d", r.ID)).mark(!r.Active(), quiet, day(r.EndedOn)+" 停用")
			}},
			{name: "代码", cell: func(r row) cell { return say(r.Code) }},
			{name: "类别", class: "nowrap", cell: func(r row) cell { return say(r.Kind.Chinese()) }},
			{name: "可答复的查询", cell: func(r row) cell { return say(r.QueryNames()) }},
			{name: "联系人（电话遮挡）", cell: func(r row) cell {
				now := slices.DeleteFunc(slices.Clone(r.Contacts), func(a model.AgencyContact) bool { return !a.EndedOn.IsZero() })
				return say(join(now, func(a model.AgencyContact) string { return a.Role.Chinese() + " " + a.Name + " " + a.Phone }))
			}},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Agency.Agencies(ctx, by, from, limit)
		}, func(e row) int64 { return e.ID }),
	}
}

// dutyTable is the list of duties that hold.
func (d *Desk) dutyTable(c *gin.Context) table[agency.DutyLine] {
	by := web.Actor(c)
	type row = agency.DutyLine
	return table[row]{
		title: "责任事项", unit: "项", cursor: "after", limit: casePage,
		columns: []column[row]{
			{name: "单位", class: "name", cell: func(r row) cell { return say(r.Agency) }},
			{name: "编号", class: "nowrap", cell: func(r row) cell { return say(r.Code).to(fmt.Sprintf("/desk/duties/%d", r.ID)) }},
			{name: "工作要求", cell: func(r row) cell { return say(r.Requirement) }},
			{name: "时限", help: "duty.clock", cell: func(r row) cell { return say(r.When()) }},
			{name: "措施", cell: func(r row) cell { return say(r.MeasureNames()) }},
			{name: "依据", cell: func(r row) cell { return say(r.Basis) }},
			{name: "佐证材料", cell: func(r row) cell { return say(r.Evidence) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Agency.Duties(ctx, by, model.AgencyDutyFilter{Active: true, After: from, Limit: limit})
		}, func(l row) int64 { return l.ID }),
	}
}

// liaisonTable is the roster; telephones stay masked.
func (d *Desk) liaisonTable(c *gin.Context) table[model.LiaisonLine] {
	by, today := web.Actor(c), model.DateOf(d.cfg.Now())
	type row = model.LiaisonLine
	return table[row]{
		title: "执行联络员", unit: "人", cursor: "after", limit: casePage, empty: "名册上还没有联络员。",
		columns: []column[row]{
			{name: "姓名", class: "name", cell: func(r row) cell { return say(r.Name).to(fmt.Sprintf("/desk/liaisons/%d", r.ID)) }},
			{name: "手机号", class: "nowrap", cell: func(r row) cell { return say(model.MaskPhone(r.Phone)) }},
			{name: "联络的村（社区）", cell: func(r row) cell {
				return say(join(r.Villages, func(v model.Village) string { return v.Town + v.Name }))
			}},
			{name: "任期起", class: "nowrap", cell: func(r row) cell { return onDay(r.FromOn) }},
			{name: "任期止", class: "nowrap", cell: func(r row) cell { return onDay(r.UntilOn) }},
			{name: "状态", class: "nowrap", cell: func(r row) cell { return say(r.Standing(today)) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Liaison.Roster(ctx, by, from, limit)
		}, func(l row) int64 { return l.ID }),
	}
}

// absenceTable is who answers for whom.
func (d *Desk) absenceTable(c *gin.Context) table[model.AbsenceLine] {
	by, today := web.Actor(c), model.DateOf(d.cfg.Now())
	type row = model.AbsenceLine
	return table[row]{
		title: "离岗代理", cursor: "after", limit: casePage, acts: true, empty: "没有进行中的离岗代理。",
		columns: []column[row]{
			{name: "离岗", cell: func(r row) cell { return say(r.Name) }},
			{name: "代理人", cell: func(r row) cell { return say(r.Substitute) }},
			{name: "自", class: "nowrap", cell: func(r row) cell { return onDay(r.FromOn) }},
			{name: "至（含当日）", class: "nowrap", cell: func(r row) cell { return onDay(r.ToOn) }},
			{name: "事由", cell: func(r row) cell { return say(r.Reason) }},
			{name: "状态", class: "nowrap", cell: func(r row) cell { return say(map[bool]string{true: "代理中", false: "未开始"}[r.Runs(today)]) }},
		},
		read: atOnce(func(ctx context.Context) ([]row, error) { return d.svc.Absence.List(ctx, by) }),
	}
}

// staffTable is who works here.
func (d *Desk) staffTable(c *gin.Context) table[model.StaffMember] {
	by := web.Actor(c)
	type row = model.StaffMember
	return table[row]{
		title: "人员", unit: "人", cursor: "after", limit: staffPage,
		columns: []column[row]{
			{name: "登录名", cell: func(r row) cell { return say(r.Login) }},
			{name: "姓名", cell: func(r row) cell { return say(r.Name) }},
			{name: "角色", help: "roles", cell: func(r row) cell { return say(join(r.Roles, model.Role.Chinese)) }},
			{name: "状态", help: "locked", cell: func(r row) cell {
				return say(map[bool]string{true: "正常", false: "已停用"}[r.State == model.UserActive])
			}},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Identity.ListStaff(ctx, by, by.CourtID, from, limit)
		}, func(m row) int64 { return m.UserID }),
	}
}

// auditTable is the trail that somebody wants.
func (d *Desk) auditTable(c *gin.Context, wanted administration.Wanted, looks bool) table[administration.Entry] {
	by := web.Actor(c)
	type row = administration.Entry
	return table[row]{
		title: "审计记录", unit: "条", cursor: "before", limit: auditPage,
		columns: []column[row]{
			{name: "序号", class: "num", cell: func(r row) cell { return amount(r.Seq) }},
			{name: "时间", class: "nowrap", cell: func(r row) cell { return moment(r.At) }},
			{name: "谁", cell: func(r row) cell { return say(r.Who) }},
			{name: "身份", cell: func(r row) cell { return say(r.Role.Chinese()) }},
			{name: "做了什么", cell: func(r row) cell { return say(r.Action.Chinese()) }},
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo) }},
			{name: "对象", cell: func(r row) cell { return say(strings.TrimSpace(r.About() + " " + r.Party)) }},
			{name: "来源地址", cell: func(r row) cell { return say(r.IP) }},
		},
		read: byID("before", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Administration.Entries(ctx, by, wanted, model.AuditFilter{Looks: looks, Before: from, Limit: limit})
		}, func(e row) int64 { return e.Seq }),
		conditions: []condition{{"谁做的", wanted.By}, {"案号", wanted.CaseNo}, {"涉及的当事人", wanted.Person}, {"范围", map[bool]string{true: "个人信息查看记录"}[looks]}},
	}
}

// importTable is what was imported.
func (d *Desk) importTable(c *gin.Context) table[model.Import] {
	by := web.Actor(c)
	type row = model.Import
	return table[row]{
		title: "历次导入", unit: "次", cursor: "after", limit: casePage,
		columns: []column[row]{
			{name: "时间", class: "nowrap", cell: func(r row) cell { return moment(r.CreatedAt).to(fmt.Sprintf("/desk/import/%d", r.ID)) }},
			{name: "文件", class: "name", cell: func(r row) cell { return say(r.Source) }},
			{name: "案件", class: "num", cell: func(r row) cell { return amount(int64(r.Cases)) }},
			{name: "已履行记录", help: "import.paid", class: "num", cell: func(r row) cell { return amount(int64(r.Payments)) }},
			{name: "通知", help: "import.notices", cell: func(r row) cell { return say(r.Choice.Chinese()) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Filing.Imports(ctx, by, from, limit)
		}, func(m row) int64 { return m.ID }),
	}
}

// groupTable is what the debtors of a group of cases owe.
func groupTable(ref string, narrowed []condition, lines []model.GroupLine) table[model.GroupLine] {
	type row = model.GroupLine
	return table[row]{
		title: "关联案件履行方案：" + ref, unit: "项", cursor: "after", limit: listPage, conditions: narrowed,
		columns: []column[row]{
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(fmt.Sprintf("/desk/cases/%d", r.CaseID)) }},
			{name: "权利人", class: "name", cell: func(r row) cell {
				if r.ToCourt {
					return say("法院账户")
				}
				return say(r.Obligee)
			}},
			{name: "内容", cell: func(r row) cell {
				if r.Description == "" {
					return say("金钱给付")
				}
				return say(r.Description)
			}},
			{name: "应履行（元）", class: "num", cell: func(r row) cell { return money(r.AmountFen) }},
			{name: "已确认（元）", class: "num", cell: func(r row) cell { return money(r.ConfirmedFen) }},
			{name: "已免除（元）", class: "num", cell: func(r row) cell { return money(r.ForgivenFen) }},
			{name: "未履行（元）", class: "num", cell: func(r row) cell { return money(max(r.AmountFen-r.ConfirmedFen-r.ForgivenFen, 0)) }},
			{name: "下一到期日", class: "nowrap", cell: func(r row) cell { return onDay(r.NextDueOn) }},
		},
		read: atOnce(func(context.Context) ([]row, error) { return lines, nil }),
	}
}

// overviewTable is what lies with each judge.
func overviewTable(judges []model.JudgeLoad) table[model.JudgeLoad] {
	type row = model.JudgeLoad
	stage := func(name string, p model.Performance) column[row] {
		return column[row]{name: name, class: "num", cell: func(r row) cell { return amount(r.Stages[p]) }}
	}
	return table[row]{
		title: "全院情况（各承办法官的案件）", unit: "人", cursor: "after", limit: listPage,
		columns: []column[row]{
			{name: "承办法官", class: "name", cell: func(r row) cell { return say(r.Judge) }},
			{name: "案件", class: "num", cell: func(r row) cell { return amount(r.Cases) }},
			stage("待履行", model.PerformancePending), stage("部分履行", model.PerformancePartial), stage("履行完毕", model.PerformanceFulfilled),
			{name: "逾期", help: "overdue", class: "num", cell: func(r row) cell { return amount(r.Overdue) }},
			{name: "已进入执行", class: "num", cell: func(r row) cell { return amount(r.Enforced) }},
			{name: "回执超过 5 天", class: "num", cell: func(r row) cell { return amount(r.Late) }},
		},
		read: atOnce(func(context.Context) ([]row, error) { return judges, nil }),
	}
}

// figureTable is the figures of a period.
func figureTable(from, until model.Date, list []model.EnforcementCount) table[model.EnforcementCount] {
	type row = model.EnforcementCount
	return table[row]{
		title: "执行统计", unit: "项", cursor: "after", limit: listPage,
		columns: []column[row]{
			{name: "类别", cell: func(r row) cell { return say(r.Group) }},
			{name: "项目", cell: func(r row) cell { return say(r.Name) }},
			{name: "数量", class: "num", cell: func(r row) cell { return amount(r.N) }},
			{name: "单位", cell: func(r row) cell { return say(r.Unit) }},
			{name: "金额（元）", class: "num", cell: func(r row) cell {
				if !r.Money {
					return say("")
				}
				return money(r.Fen)
			}},
		},
		read:       atOnce(func(context.Context) ([]row, error) { return list, nil }),
		conditions: []condition{{"期间", from.String() + " 至 " + until.String()}},
	}
}

// figureLineTable is what one figure counted.
func (d *Desk) figureLineTable(c *gin.Context, f model.EnforcementCountFilter, info model.FigureInfo) table[model.EnforcementCountLine] {
	by := web.Actor(c)
	type row = model.EnforcementCountLine
	return table[row]{
		title: info.Group + "：" + info.Name, unit: info.Unit, cursor: "after", limit: casePage,
		columns: []column[row]{
			{name: "执行案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(enforcementLink(r.EnforcementCaseID, "")) }},
			{name: "执行法官", cell: func(r row) cell { return say(r.Officer) }},
			{name: "所涉的人", class: "name", cell: func(r row) cell { return say(r.Subject) }},
			{name: "金额（元）", class: "num", cell: func(r row) cell { return money(r.Fen) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			f.After, f.Limit = from, limit
			return d.svc.Statistics.EnforcementLines(ctx, by, f)
		}, func(l row) int64 { return l.ID }),
		conditions: []condition{{"期间", f.From.String() + " 至 " + f.Until.String()}},
	}
}

// penaltyTable is the criminal cases behind the figures of a period.
func (d *Desk) penaltyTable(c *gin.Context, f model.PenaltyCaseFilter) table[model.PenaltyCase] {
	by := web.Actor(c)
	type row = model.PenaltyCase
	return table[row]{
		title: map[bool]string{true: "财产刑：期间内裁判生效的案件", false: "财产刑：期间内全额履行的案件"}[f.Adjudged], empty: "没有案件。", cursor: "after", limit: casePage,
		columns: []column[row]{
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(caseLink(r.ID, "penalty")) }},
			{name: "案由", cell: func(r row) cell { return short(r.Cause, 20) }},
			{name: "承办法官", class: "nowrap", cell: func(r row) cell { return say(r.Judge) }},
			{name: "判处（元）", class: "num", cell: func(r row) cell { return money(r.AdjudgedFen) }},
			{name: "到位（元）", class: "num", cell: func(r row) cell { return money(r.ArrivedFen) }},
			{name: "状态", cell: func(r row) cell { return stateOf(r.Performance) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			f.After, f.Limit = from, limit
			return d.svc.Statistics.PenaltyCases(ctx, by, f)
		}, func(l row) int64 { return l.ID }),
		conditions: []condition{{"期间", f.From.String() + " 至 " + f.Until.String()}},
	}
}

// primeRateTable is the published rates.
func primeRateTable(list []model.PrimeRate) table[model.PrimeRate] {
	type row = model.PrimeRate
	return table[row]{
		title: "LPR", unit: "次", cursor: "after", limit: listPage,
		columns: []column[row]{
			{name: "公布日期", class: "nowrap", cell: func(r row) cell { return onDay(r.OnDay) }},
			{name: "一年期", class: "num", by: func(r row) any { return r.OneYear }, cell: func(r row) cell { return say(r.Percent(r.OneYear)) }},
			{name: "五年期以上", class: "num", by: func(r row) any { return r.FiveYear }, cell: func(r row) cell { return say(r.Percent(r.FiveYear)) }},
			{name: "来源", cell: func(r row) cell { return say(r.Source) }},
		},
		read: atOnce(func(context.Context) ([]row, error) { return list, nil }),
	}
}
