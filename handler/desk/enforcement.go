package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
)

func (d *Desk) enforcementRoutes() []Route {
	return []Route{
		listed("/enforcement", model.ActEnforcementRead, d.enforcements),
		get("/enforcement/:id", model.ActEnforcementRead, d.enforcementCase),
		post("/enforcement/:id/hand-over", model.ActEnforcementHandOver, d.moveEnforcement),
		final(post("/enforcement/:id/close", model.ActEnforcementClose, d.closeEnforcement)),
		get("/enforcement-filing", model.ActEnforcementFile, d.enforcementForm),
		post("/enforcement-filing", model.ActEnforcementFile, d.fileEnforcement),
		get("/enforcement-filing/template", model.ActEnforcementFile, d.enforcementTemplate),
		{Method: http.MethodPost, Path: "/enforcement-import", Act: model.ActEnforcementFile, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.importEnforcement},
		post("/enforcement-hand-over", model.ActEnforcementHandOver, d.moveAllEnforcement),
		listed("/tasks", model.ActTaskRead, d.tasks),
		post("/tasks/:id/finish", model.ActTaskDo, d.finishTask),
	}
}

// enforcementTab is a page of an enforcement case; each area adds its own.
type enforcementTab struct {
	Path, Name string
	act        model.Act
}

var enforcementTabs = []enforcementTab{
	{"", "概况", model.ActEnforcementRead},
	{"/measures", "措施", model.ActMeasureRead},
	{"/this-round", "终本", model.ActEnforcementRead},
	{"/clean-up", "履行后清理", model.ActCleanUpRead},
	{"/settlement", "和解与解除审查", model.ActSettlementRead},
	{"/account", "案款", model.ActMoneyRead},
	{"/distribution", "分配", model.ActShareRead},
	{"/repair", "信用修复", model.ActRepairQueue},
	{"/family", "家属", model.ActRelativeRead},
}

// enforcementHead is what every page of an enforcement case begins with.
type enforcementHead struct {
	*enforcement.Detail
	Tabs []enforcementTab
	At   string // path of the tab that is shown
	Now  time.Time
}

// head reads an enforcement case for one of its pages.
func (d *Desk) head(c *gin.Context, at string) (*enforcementHead, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	return d.headOf(c, id, at)
}

// headOf is head for the case with the id.
func (d *Desk) headOf(c *gin.Context, id int64, at string) (h *enforcementHead, err error) {
	by := web.Actor(c)
	h = &enforcementHead{At: at, Now: d.cfg.Now()}
	if h.Detail, err = d.svc.Enforcement.Case(c.Request.Context(), by, id); err != nil {
		return nil, err
	}
	for _, t := range enforcementTabs {
		if by.May(t.act) {
			h.Tabs = append(h.Tabs, t)
		}
	}
	return h, nil
}

type enforcementsData struct {
	Filter   map[string]string
	List     *listView
	Officers []model.StaffMember
	Now      time.Time
	All      bool // the whole court's
}

func (d *Desk) enforcements(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := enforcementsData{Filter: map[string]string{}, Now: d.cfg.Now()}
	for _, k := range []string{"text", "kind", "state", "whose"} {
		data.Filter[k] = strings.TrimSpace(c.Query(k))
	}
	f := model.EnforcementFilter{Open: data.Filter["state"] != "all", Kind: model.EnforcementKind(data.Filter["kind"]), Text: data.Filter["text"]}
	if f.Kind != "" && f.Kind.Chinese() == "" || len(f.Text) > 200 {
		return model.InvalidField("kind", "filter.unknown", "筛选条件不正确")
	}
	if data.All = !by.Has(model.RoleOfficer) || data.Filter["whose"] == "all"; !data.All {
		f.OfficerID = by.UserID
	}
	var err error
	if by.May(model.ActEnforcementHandOver) {
		if data.Officers, err = d.svc.Identity.Colleagues(ctx, by, model.RoleOfficer); err != nil {
			return err
		}
	}
	read := byID("before", func(ctx context.Context, from int64, limit int) ([]model.EnforcementLine, error) {
		f.Before, f.Limit = from, limit
		return d.svc.Enforcement.Cases(ctx, by, f)
	}, func(l model.EnforcementLine) int64 { return l.ID })
	t := table[faced[model.EnforcementLine]]{
		title: "执行案件", columns: enforcementColumns(data.All), cursor: "before", limit: casePage,
		read:  withFaces(d, c, read, func(l model.EnforcementLine) int64 { return l.CaseID }),
		count: func(ctx context.Context) (int64, error) { return d.svc.Enforcement.CountCases(ctx, by, f) },
		conditions: []condition{
			{"查找", f.Text},
			{"类型", f.Kind.Chinese()},
			{"状态", map[bool]string{true: "未结", false: "全部"}[f.Open]},
			{"范围", map[bool]string{true: "全院", false: "我办理的"}[data.All]},
		},
		empty: "没有符合条件的执行案件。可以输入执行案号或其中的序号、当事人姓名的一部分、手机号。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "enforcements", "执行案件", data)
	})
}

type enforcementData struct {
	*enforcementHead
	Lines    []enforcedLine
	Officers []model.StaffMember
	Closes   []model.CloseType
}

// enforcedLine is one obligation that the case enforces.
type enforcedLine struct {
	model.Obligation
	Obligee   string
	Debtors   string
	Confirmed model.Fen
	Forgiven  model.Fen
	State     model.Performance
}

func (d *Desk) enforcementData(c *gin.Context) (*enforcementData, error) {
	h, err := d.head(c, "")
	if err != nil {
		return nil, err
	}
	data := &enforcementData{enforcementHead: h, Closes: model.CloseTypes}
	for _, o := range h.File.Obligations {
		l := enforcedLine{Obligation: h.Debts.Obligation(o.ObligationID), Obligee: "法院账户"}
		for n, id := range l.Obligees() {
			if n == 0 {
				l.Obligee = ""
			} else {
				l.Obligee += "、"
			}
			l.Obligee += h.Party(id)
		}
		for _, p := range h.File.Parties {
			if p.Role == model.EnforcementDebtor && h.Debts.Owes(p.PartyID, o.ObligationID) {
				l.Debtors = strings.TrimPrefix(l.Debtors+"、"+h.Party(p.PartyID), "、")
			}
		}
		all := h.Debts.InstallmentsOf(o.ObligationID)
		for _, i := range all {
			l.Confirmed += i.ConfirmedFen
			l.Forgiven += i.ForgivenFen
		}
		l.State = model.PerformanceOf(all)
		data.Lines = append(data.Lines, l)
	}
	if web.Actor(c).May(model.ActEnforcementHandOver) {
		data.Officers, err = d.svc.Identity.Colleagues(c.Request.Context(), web.Actor(c), model.RoleOfficer)
	}
	return data, err
}

func (d *Desk) enforcementCase(c *gin.Context) error {
	data, err := d.enforcementData(c)
	if err != nil {
		return err
	}
	return d.show(c, "enforcement", data.File.CaseNo, data)
}

// refuseOnEnforcement shows the case again with what was wrong.
func (d *Desk) refuseOnEnforcement(c *gin.Context, err error) error {
	data, again := d.enforcementData(c)
	if again != nil {
		return err
	}
	return d.again(c, "enforcement", data.File.CaseNo, data, err)
}

func (d *Desk) moveEnforcement(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	if err := f.do(func() error {
		return d.svc.Enforcement.HandOver(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("to_officer"), c.PostForm("reason"))
	}); err != nil {
		return d.refuseOnEnforcement(c, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d", id), "handed")
}

func (d *Desk) moveAllEnforcement(c *gin.Context) error {
	_, err := d.svc.Enforcement.HandOverAll(c.Request.Context(), web.Actor(c), c.PostForm("from_officer"), c.PostForm("to_officer"), c.PostForm("reason"))
	if err != nil {
		return err
	}
	return done(c, "/desk/enforcement", "handed")
}

func (d *Desk) closeEnforcement(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen, on := f.version(), f.date("closed_on")
	if err := f.do(func() error {
		_, err := d.svc.Enforcement.CloseCase(c.Request.Context(), web.Actor(c), id, seen, model.Closing{
			Type: model.CloseType(c.PostForm("close_type")), On: on, Reason: c.PostForm("reason"), FiledByMistake: c.PostForm("filed_by_mistake") == "on",
		})
		return err
	}); err != nil {
		return d.refuseOnEnforcement(c, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d", id), "closed")
}

type enforcementFormData struct {
	Officers []model.StaffMember
	Import   *importData // of a sheet that was sent without scripts
}

func (d *Desk) enforcementFormData(c *gin.Context) (data enforcementFormData, err error) {
	data.Officers, err = d.svc.Identity.Colleagues(c.Request.Context(), web.Actor(c), model.RoleOfficer)
	return data, err
}

func (d *Desk) enforcementForm(c *gin.Context) error {
	data, err := d.enforcementFormData(c)
	if err != nil {
		return err
	}
	return d.show(c, "enforcement_filing", "录入执行案件", data)
}

func (d *Desk) fileEnforcement(c *gin.Context) error {
	data, err := d.enforcementFormData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := filing.EnforcementInput{
		CaseNo: c.PostForm("case_no"), FiledOn: f.date("filed_on"), Officer: c.PostForm("officer"), AmountFen: f.yuan("amount", "amount_fen"), BasisNo: f.text("basis_no"),
		Debtors: f.named("debtors"), Applicants: f.named("applicants"), NotFirst: f.is("not_first"), DueBy: f.date("due_by"), Accelerate: f.is("accelerate"),
	}
	sure := f.yuan("differs", "differs")
	var e *model.EnforcementFile
	if err := f.do(func() (err error) {
		e, _, err = d.svc.Filing.FileEnforcementAsked(c.Request.Context(), web.Actor(c), in, sure)
		return err
	}); err != nil {
		asked(c, err, c.PostForm("amount"))
		return d.again(c, "enforcement_filing", "录入执行案件", data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d", e.ID), "enforced")
}

func (d *Desk) enforcementTemplate(c *gin.Context) error {
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName("执行案件导入模板")+".csv")
	c.Header("Content-Type", "text/csv; charset=utf-8")
	return filing.EnforcementTemplateCSV(c.Writer)
}

func (d *Desk) importEnforcement(c *gin.Context) error {
	data, err := d.enforcementFormData(c)
	if err != nil {
		return err
	}
	return d.importSheet(c, "enforcement_filing", "录入执行案件", func(v *importData) any {
		data.Import = v
		return data
	}, func(ctx context.Context, by model.Actor, r io.Reader, _ string, dry bool, _ filing.Progress) (*filing.ImportReport, error) {
		return d.svc.Filing.ImportEnforcement(ctx, by, r, dry)
	})
}

type tasksData struct {
	State model.TaskState
	List  *listView
	Due   string // "", today or late
	Whole bool   // the whole court's
}

func (d *Desk) tasks(c *gin.Context) error {
	by, now := web.Actor(c), d.cfg.Now()
	data := tasksData{State: model.TaskState(c.DefaultQuery("state", string(model.TaskOpen))), Due: c.Query("due"), Whole: by.TaskOwner() == 0}
	if data.State.Chinese() == "" {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	f := model.TaskFilter{State: data.State}
	switch data.Due {
	case "today":
		f.DueFrom, f.DueBefore = now, model.DateOf(now).AddDays(1).Start()
	case "late":
		f.DueBefore = now
	}
	read := func(ctx context.Context, from string, limit int) ([]model.TaskLine, string, error) {
		f.Limit, f.AfterDue, f.AfterID = limit, time.Time{}, 0
		if err := f.ReadMark(from); err != nil {
			return nil, "", err
		}
		list, err := d.svc.Enforcement.Tasks(ctx, by, f)
		if err != nil || len(list) < limit {
			return list, "", err
		}
		return list, list[len(list)-1].Mark(), nil
	}
	t := table[faced[model.TaskLine]]{
		title: "待办事项", unit: "项", columns: taskColumns(now, by, data.Whole), cursor: "after", limit: casePage, acts: true,
		read:       withFaces(d, c, read, func(l model.TaskLine) int64 { return l.CaseID }),
		count:      func(ctx context.Context) (int64, error) { return d.svc.Enforcement.CountTasks(ctx, by, f) },
		conditions: []condition{{"状态", data.State.Chinese()}, {"期限", map[string]string{"today": "今天到期", "late": "已超期"}[data.Due]}},
		empty:      "没有这样的事项。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "tasks", "待办事项", data)
	})
}

func (d *Desk) finishTask(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	var t *model.TaskLine
	if err := f.do(func() (err error) {
		t, err = d.svc.Enforcement.FinishOwnTask(c.Request.Context(), web.Actor(c), id, seen, f.text("result"), 0)
		return err
	}); err != nil {
		return err
	}
	if c.PostForm("back") == "tasks" || t.EnforcementCaseID == 0 {
		return done(c, "/desk/tasks", "finished")
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d", t.EnforcementCaseID), "finished")
}
