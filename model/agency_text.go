package model

import "fmt"

// pageAgencyTask is where a mini-program would open a task.
const pageAgencyTask = "pages/agency/task?id=%d"

func taskNotice(kind NoticeKind, t AgencyTask, key, title, body string) Notice {
	return Notice{
		CourtID: t.CourtID, Kind: kind, DedupeKey: fmt.Sprintf("%s:%d:%s", kind, t.ID, key), Title: title, Body: body,
		Page: fmt.Sprintf(pageAgencyTask, t.ID),
	}
}

func (n Notice) staffTo(userID int64) Notice {
	n.DedupeKey = fmt.Sprintf("%s:%d", n.DedupeKey, userID)
	return n.staff(userID)
}

// AtDesk lets a notice to the court's staff lead to what they have to do today: an
// agency's pages are not theirs.
func (n Notice) AtDesk() Notice { n.Page = "pages/desk/today"; return n }

// DutyOwed is a task with what is to be done.
type DutyOwed struct {
	AgencyTask
	Duty AgencyDuty
}

const dutiesTold = 5 // how many one notice names

// owedNotice is a notice about tasks of one agency with the same deadline: one
// for all of them, since one measure may ask several things of an agency.
func owedNotice(kind NoticeKind, list []DutyOwed, days int, title, agency, advice string) Notice {
	t := list[0].AgencyTask
	lines := []string{"责任单位：" + agency}
	for i, o := range list {
		if i == dutiesTold {
			lines = append(lines, fmt.Sprintf("……共 %d 项", len(list)))
			break
		}
		lines = append(lines, "工作要求："+o.Duty.Code+" "+o.Duty.Requirement)
	}
	n := taskNotice(kind, t, "", title, paragraphs(append(lines, "时限："+t.DueOn.Chinese(), advice)...))
	n.DedupeKey = fmt.Sprintf("%s:%s:%d:%s:%d", kind, t.Kind, t.AgencyID, t.DueOn, days)
	if len(list) > 1 {
		n.Page = "pages/agency/tasks"
		return n.about(ThingAgency.Of(t.AgencyID))
	}
	return n.about(ThingDutyTask.Of(t.ID))
}

// DutyReminderNotice reminds somebody of tasks of one agency whose common
// deadline comes or is over. days is the reminder's, as DutyReminders.At gives it.
func DutyReminderNotice(list []DutyOwed, agency string, days int, today Date, userID int64) Notice {
	t := list[0]
	what := fmt.Sprintf("%s事项 %s ", t.Kind.Chinese(), t.Duty.Code)
	if len(list) > 1 {
		what = fmt.Sprintf("%d 项%s事项", len(list), t.Kind.Chinese())
	}
	title := fmt.Sprintf("%s将于%s到期", what, t.DueOn.Chinese())
	if over := today.Sub(t.DueOn); over > 0 {
		title = fmt.Sprintf("%s已逾期 %d 天", what, over)
	}
	return owedNotice(NoticeDutyReminder, list, days, title, agency, "请在完成后报送情况和佐证材料。").staffTo(userID)
}

// DutyUnreachableNotice tells a list manager that nobody in the agency has an
// account to be reminded by.
func DutyUnreachableNotice(list []DutyOwed, agency string, days int, userID int64) Notice {
	return owedNotice(NoticeDutyUnreachable, list, days, agency+"没有可用账号，请电话提醒", agency,
		"系统无法提醒该单位，请按通讯录联系其联络员，或请系统管理员为其新建账号。").staffTo(userID).AtDesk()
}

// DutyReportedNotice tells a list manager that a report waits.
func DutyReportedNotice(t AgencyTask, d AgencyDuty, r AgencyReport, agency string, userID int64) Notice {
	return taskNotice(NoticeDutyReported, t, fmt.Sprint(r.ID), agency+"报送了事项 "+d.Code,
		paragraphs("工作要求："+d.Requirement, "请审核：认可，或者写明原因退回。")).staffTo(userID).about(ThingDutyTask.Of(t.ID)).AtDesk()
}

// DutyDecidedNotice tells somebody in the agency what the court decided.
func DutyDecidedNotice(t AgencyTask, d AgencyDuty, r AgencyReport, userID int64) Notice {
	title, body := "事项 "+d.Code+" 的报送已被认可", "本期工作已完成，谢谢。"
	if r.State == ReportReturned {
		title, body = "事项 "+d.Code+" 的报送被退回", "退回原因："+r.Reason
	}
	return taskNotice(NoticeDutyDecided, t, fmt.Sprint(r.ID), title, paragraphs("工作要求："+d.Requirement, body)).staffTo(userID).about(ThingDutyTask.Of(t.ID))
}
