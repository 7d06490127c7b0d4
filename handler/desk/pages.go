package desk

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/deskact"
	"microcourt/service/notice"
)

//go:embed pages
var pageFiles embed.FS

// pageSet holds every page, each parsed together with the layout and the parts
// that pages share.
type pageSet map[string]*template.Template

// embeddedPages is parsed once for a process, however many servers it has: 26 MB
// and a fifth of a second, because each page has a copy of what pages share, and
// html/template works out a page's escapes when it is first shown.
var embeddedPages = sync.OnceValues(func() (pageSet, error) { return parsePages(pageFiles) })

func parsePages(files fs.FS) (pageSet, error) {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	base, err := template.New("layout").Funcs(functions).ParseFS(files, "pages/layout.html", "pages/parts.html", "pages/parts_*.html")
	if err != nil {
		return nil, err
	}
	set := pageSet{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "parts" || strings.HasPrefix(name, "parts_") {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if set[name], err = t.ParseFS(files, file); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		if err := checkWords(set[name]); err != nil {
			return nil, err
		}
		text, err := fs.ReadFile(files, file)
		if err == nil {
			err = checkKeys(string(text))
		}
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	return set, nil
}

// frame is what the layout shows around a page.
type frame struct {
	Title   string
	Page    string // its name, for the style sheet and the tests
	Actor   model.Actor
	Court   string
	Look    string // the size of letters that was chosen
	Nav     []navPart
	Path    string
	Said    string // what was just done
	Ready   int64  // the case whose certificate can be issued now, 0 for none
	Now     time.Time
	Data    any
	Problem *web.Failure // of the form that came back
	Form    map[string]string
	Mark    string // how far the court had come when a live page was made
	// Rehearsal says that WeChat is the sandbox (演练).
	Rehearsal bool
	// Undo is what the actor decided or answered and can still take back, nil for
	// nothing; Back is where he was, for what goes on there.
	Undo *deskact.View
	List template.URL // of receipts, to which the page belongs
	Back string
	// Way is the address of the page with its filter, or the first page where it
	// answers a form, which cannot be opened again.
	Way    string
	Untold []notice.Untold // whom what was decided has not reached
	Key    string          // of the page's forms: a second click does nothing new
}

// navItem is a place in the navigation. Later roles add their own rows.
type navItem struct {
	Group      navGroup
	Path, Name string
	act        model.Act
	only       model.Role // when the act alone is too wide
	// Live is what of the stream of events counts beside it, Unit how it is read
	// out.
	Live, Unit string
	Here       bool
}

// navGroup is a titled part of the navigation; one of which a role may see
// nothing is not there for it.
type navGroup string

// The groups, in the order of navGroups.
const (
	navToday   navGroup = "" // without a title
	navPerform navGroup = "自动履行"
	navEnforce navGroup = "强制执行"
	navAgency  navGroup = "责任单位"
	navServe   navGroup = "送达"
	navCourt   navGroup = "全院"
	navManage  navGroup = "管理"
)

var navGroups = []navGroup{navToday, navPerform, navEnforce, navAgency, navServe, navCourt, navManage}

var navigation = []navItem{
	{Group: navToday, Path: "/desk", Name: "今日", act: model.ActSelfStaff},
	{Group: navPerform, Path: "/desk/receipts", Name: "回执", act: model.ActReceiptQueue, Live: "receipts", Unit: " 件待确认"},
	{Group: navPerform, Path: "/desk/cases", Name: "案件", act: model.ActCaseRead},
	{Group: navPerform, Path: "/desk/conversations", Name: "对话", act: model.ActMessageQueue, Live: "messages", Unit: " 件待答复"},
	{Group: navPerform, Path: "/desk/certificates", Name: "证明书", act: model.ActCertRead},
	{Group: navPerform, Path: "/desk/payment-accounts", Name: "收款账户", act: model.ActAccountCall},
	{Group: navPerform, Path: "/desk/filing", Name: "录入案件", act: model.ActCaseFile},
	{Group: navPerform, Path: "/desk/import", Name: "批量导入", act: model.ActCaseFile},
	{Group: navPerform, Path: "/desk/prison-letters", Name: "财产刑公函", act: model.ActPenaltyRead},
	{Group: navEnforce, Path: "/desk/tasks", Name: "待办事项", act: model.ActTaskRead},
	{Group: navEnforce, Path: "/desk/enforcement", Name: "执行案件", act: model.ActEnforcementRead},
	{Group: navEnforce, Path: "/desk/decisions", Name: "待决定的措施", act: model.ActMeasureApprove, Live: "decisions", Unit: " 件待决定"},
	{Group: navEnforce, Path: "/desk/measures", Name: "强制措施", act: model.ActMeasureRead},
	{Group: navEnforce, Path: "/desk/clean-ups", Name: "履行后清理", act: model.ActMeasureRead},
	{Group: navEnforce, Path: "/desk/case-money", Name: "案款", act: model.ActMoneyRead},
	{Group: navEnforce, Path: "/desk/payouts", Name: "案款发放", act: model.ActMoneyRead},
	{Group: navEnforce, Path: "/desk/enforcement-filing", Name: "录入执行案件", act: model.ActEnforcementFile},
	{Group: navEnforce, Path: "/desk/queries", Name: "查控", act: model.ActQueryRead},
	{Group: navEnforce, Path: "/desk/assistance", Name: "协助请求", act: model.ActAssistanceRead},
	{Group: navEnforce, Path: "/desk/liaisons", Name: "执行联络员", act: model.ActLiaisonRead},
	{Group: navEnforce, Path: "/desk/absence", Name: "离岗代理", act: model.ActAbsence},
	{Group: navEnforce, Path: "/desk/releases", Name: "解除审查", act: model.ActReleaseRead, Live: "releases", Unit: " 件待决定"},
	{Group: navEnforce, Path: "/desk/relatives", Name: "家属联系", act: model.ActRelativeRead, Live: "relatives", Unit: " 件待处理"},
	{Group: navEnforce, Path: "/desk/repairs", Name: "信用修复", act: model.ActRepairQueue},
	{Group: navAgency, Path: "/desk/duty-tasks", Name: "报送与逾期", act: model.ActDutyRead},
	{Group: navAgency, Path: "/desk/duties", Name: "责任事项", act: model.ActAgencyRead},
	{Group: navAgency, Path: "/desk/agencies", Name: "通讯录", act: model.ActAgencyRead},
	{Group: navAgency, Path: "/desk/own/tasks", Name: "本单位事项", act: model.ActAgencyDesk},
	{Group: navAgency, Path: "/desk/own/queries", Name: "协助查询", act: model.ActAgencyDesk},
	{Group: navServe, Path: "/desk/unreached", Name: "未送达任何人", act: model.ActServiceOfProcessRead},
	{Group: navServe, Path: "/desk/papers", Name: "纸质送达", act: model.ActPaperDo},
	{Group: navServe, Path: "/desk/dossier", Name: "未入卷", act: model.ActDossierRead},
	{Group: navServe, Path: "/desk/deliveries", Name: "未送到的消息", act: model.ActDeliveryManage},
	{Group: navCourt, Path: "/desk/overview", Name: "全院情况", act: model.ActOverview},
	{Group: navCourt, Path: "/desk/statistics/enforcement", Name: "执行统计", act: model.ActOverview},
	{Group: navCourt, Path: "/desk/penalties", Name: "财产刑统计", act: model.ActPenaltyStatistics},
	{Group: navManage, Path: "/desk/staff", Name: "人员", act: model.ActStaffManage},
	{Group: navManage, Path: "/desk/settings", Name: "本院设置", act: model.ActCourtManage},
	{Group: navManage, Path: "/desk/prime-rates", Name: "LPR", act: model.ActCourtManage},
	{Group: navManage, Path: "/desk/holidays", Name: "节假日", act: model.ActCourtManage},
	{Group: navManage, Path: "/desk/templates", Name: "文书模板", act: model.ActTemplateWrite},
	{Group: navManage, Path: "/desk/operations", Name: "系统运行", act: model.ActOperations},
	{Group: navManage, Path: "/desk/audit", Name: "审计", act: model.ActAuditRead},
}

// navPart is a group of the navigation with what the actor may open of it.
type navPart struct {
	Name  navGroup
	Items []navItem
}

// navigate is the navigation of an actor at a path.
func navigate(a model.Actor, at string) []navPart {
	here := "" // the longest path that the page is under
	parts := map[navGroup][]navItem{}
	for _, n := range navigation {
		if !a.May(n.act) || n.only != "" && !a.Has(n.only) {
			continue
		}
		parts[n.Group] = append(parts[n.Group], n)
		if under(at, n.Path) && len(n.Path) > len(here) {
			here = n.Path
		}
	}
	var out []navPart
	for _, g := range navGroups {
		for i := range parts[g] {
			parts[g][i].Here = parts[g][i].Path == here
		}
		if len(parts[g]) > 0 {
			out = append(out, navPart{g, parts[g]})
		}
	}
	return out
}

func (d *Desk) frame(c *gin.Context, name, title string, data any) frame {
	a := web.Actor(c)
	f := frame{Title: title, Page: name, Actor: a, Look: web.Look(c), Path: c.Request.URL.Path, Now: d.cfg.Now(), Rehearsal: d.svc.Operations.Rehearsal(), Data: data, Said: said[c.Query("done")], Key: d.cfg.NewID()}
	if n, err := strconv.Atoi(c.Query("stopped")); err == nil && n > 0 && c.Query("done") == "disabled" {
		f.Said += fmt.Sprintf("其尚可撤回的决定和回复 %d 件没有生效，已通知现在的承办人。", n)
	}
	if f.Said != "" {
		f.Ready, _ = strconv.ParseInt(c.Query("ready"), 10, 64) // a number that is none offers nothing
	}
	f.Way = "/desk"
	if c.Request.Method == http.MethodGet {
		f.Way = c.Request.URL.RequestURI()
	}
	if len(a.Roles) > 0 && !a.IsParty() {
		f.Court = d.courtName(c, a)
		f.Nav = navigate(a, f.Path)
		f.Mark = c.GetString("mark")
		f.Back = back(c)
		if under(f.Path, "/desk/receipts") {
			f.List = template.URL(inList(c, "")) //nolint:gosec // encoded by inList
		}
		d.recall(c, a, &f)
	}
	f.Untold = d.untold(c)
	if r := refusedHere(c); r != nil {
		f.Problem, f.Said, f.Form = &r.failure, "", r.typed()
	}
	return f
}

func under(p, parent string) bool {
	return p == parent || parent != "/desk" && strings.HasPrefix(p, parent+"/")
}

func (d *Desk) courtName(c *gin.Context, a model.Actor) string {
	court, err := d.svc.Administration.Court(c.Request.Context(), a)
	if err != nil {
		return ""
	}
	return court.Name
}

// page answers with a page.
func (d *Desk) page(c *gin.Context, status int, name, title string, data any) {
	if r := refusedHere(c); r != nil && name != "failure" {
		status = r.failure.Status
	}
	d.write(c, status, name, "layout", d.frame(c, name, title, data))
}

// show is page for a success.
func (d *Desk) show(c *gin.Context, name, title string, data any) error {
	d.page(c, http.StatusOK, name, title, data)
	return nil
}

// again shows a page whose form was refused, with what was typed and why.
// What the user cannot mend on the page fails like any request.
func (d *Desk) again(c *gin.Context, name, title string, data any, err error) error {
	f := web.Describe(err)
	if f.Kind != model.Invalid && f.Kind != model.Conflict && f.Kind != model.TooMany && f.Reason != "login.wrong" && f.Reason != "signon.refused" {
		return err
	}
	refuse(c, f)
	d.page(c, f.Status, name, title, data)
	return nil
}

// part answers with a piece of a page.
func (d *Desk) part(c *gin.Context, status int, name string, data any) {
	d.write(c, status, "failure", "part-"+name, data)
}

func (d *Desk) write(c *gin.Context, status int, page, name string, data any) {
	var b bytes.Buffer
	set, err := d.set()
	if t, ok := set[page]; ok {
		err = t.ExecuteTemplate(&b, name, data)
	} else if err == nil {
		err = fmt.Errorf("no page %q", page)
	}
	if err != nil {
		d.cfg.Logger.ErrorContext(c.Request.Context(), "page", "name", page, "request_id", c.GetString(web.RequestIDKey), "error", err.Error())
		c.String(http.StatusInternalServerError, "系统出现错误，请稍后重试；如仍有问题请联系技术人员并提供请求编号 %s", c.GetString(web.RequestIDKey))
		return
	}
	body := b.Bytes()
	if r := refusedHere(c); r != nil && name == "layout" && page != "failure" {
		body = r.marked(body)
	}
	web.HTML(c, status, body)
}
