package model

import "fmt"

// pageAgencyTask is where a mini-program would open a task.
const pageAgencyTask = "pages/agency/task?id=%d"

func taskNotice(kind NoticeKind, t AgencyTask, key, title, body string) Notice {
	return Notice{
		CourtID: t.CourtID, Kind: kind, DedupeKey: fmt.Sprintf("%s:%d:%s", kind, t.ID, key), Title: title, Body: body,
		Page: fmt.Sprintf(pageAgencyTask, t.ID), Card: map[string]string{"due": t.DueOn.Chinese(), "result": "待报送", "remark": title},
	}
}

func (n Notice) staffTo(userID int64) Notice {
	n.DedupeKey = fmt.Sprintf("%s:%d", n.DedupeKey, userID)
	return n.staff(userID)
}

// DutyReminderNotice reminds somebody of a task whose deadline comes or is over.
// days is the reminder's, as DutyReminders.At gives it.
func DutyReminderNotice(t AgencyTask, d AgencyDuty, agency string, days int, today Date, userID int64) Notice {
	title := fmt.Sprintf("%s事项 %s 将于%s到期", t.Kind.Chinese(), d.Code, t.DueOn.Chinese())
	if over := today.Sub(t.DueOn); over > 0 {
		title = fmt.Sprintf("%s事项 %s 已逾期 %d 天", t.Kind.Chinese(), d.Code, over)
	}
	body := paragraphs("责任单位："+agency, "工作要求："+d.Requirement, "时限："+t.DueOn.Chinese(), "请在完成后报送情况和佐证材料。")
	return taskNotice(NoticeDutyReminder, t, fmt.Sprintf("%s:%d", t.DueOn, days), title, body).staffTo(userID)
}

// DutyUnreachableNotice tells a list manager that nobody in the agency has an
// account to be reminded by.
func DutyUnreachableNotice(t AgencyTask, d AgencyDuty, agency string, days int, userID int64) Notice {
	title := fmt.Sprintf("%s没有可用账号，请电话提醒", agency)
	body := paragraphs("事项："+d.Code+" "+d.Requirement, "时限："+t.DueOn.Chinese(), "系统无法提醒该单位，请按通讯录联系其联络员，或请系统管理员为其新建账号。")
	return taskNotice(NoticeDutyUnreachable, t, fmt.Sprintf("%s:%d", t.DueOn, days), title, body).staffTo(userID)
}

// DutyReportedNotice tells a list manager that a report waits.
func DutyReportedNotice(t AgencyTask, d AgencyDuty, r AgencyReport, agency string, userID int64) Notice {
	return taskNotice(NoticeDutyReported, t, fmt.Sprint(r.ID), agency+"报送了事项 "+d.Code,
		paragraphs("工作要求："+d.Requirement, "请审核：认可，或者写明原因退回。")).staffTo(userID)
}

// DutyDecidedNotice tells somebody in the agency what the court decided.
func DutyDecidedNotice(t AgencyTask, d AgencyDuty, r AgencyReport, userID int64) Notice {
	title, body := "事项 "+d.Code+" 的报送已被认可", "本期工作已完成，谢谢。"
	if r.State == ReportReturned {
		title, body = "事项 "+d.Code+" 的报送被退回", "退回原因："+r.Reason
	}
	return taskNotice(NoticeDutyDecided, t, fmt.Sprint(r.ID), title, paragraphs("工作要求："+d.Requirement, body)).staffTo(userID)
}
