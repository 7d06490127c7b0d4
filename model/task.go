package model

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// TaskKind is what is to be done.
type TaskKind string

// The kinds of task. A new one is registered in taskKinds.
const (
	TaskServiceOfProcess TaskKind = "service_of_process" // the 执行通知书 is to reach the debtor
	TaskCloseCase        TaskKind = "case.close"         // the case is to be closed
	TaskCheckFull        TaskKind = "case.check"         // everything is paid: check and close
	TaskPetition         TaskKind = "petition"           // a remorse statement or a request for early release is to be answered
	TaskCallBack         TaskKind = "call.back"          // somebody asks to be called, or is to be called today

	TaskAnswerPrisonLetter TaskKind = "prison_letter.answer" // an authority asks how far a convict's items are performed
	TaskConvert            TaskKind = "debt.convert"         // an instrument fixes another currency: enter the rate
	TaskObjection          TaskKind = "receipt.objection"    // a creditor objects to a receipt that was confirmed
	TaskPlanBroken         TaskKind = "plan.broken"          // an agreement before enforcement is not kept: what now
	TaskDepositVerify      TaskKind = "deposit.verify"       // money came in before a judgment
	TaskDepositWish        TaskKind = "deposit.wish"         // a payer wants it to be for something else
	TaskDepositSettle      TaskKind = "deposit.settle"       // the judgment is there: set it off
	TaskDepositRefund      TaskKind = "deposit.refund"       // it goes back to who paid it
	TaskQueryAnswer        TaskKind = "query.answer"         // an agency is to answer
	TaskAssistanceAnswer   TaskKind = "assistance.answer"    // a liaison is to answer
	TaskProlong            TaskKind = "prolong.decide"       // a listing is to be prolonged
	TaskListingDecide      TaskKind = "listing.decide"       // a creditor applied to list: fifteen days
	TaskRepairReview       TaskKind = "repair.review"        // a settlement broke while a credit repair works
	TaskBreach             TaskKind = "settlement.breach"    // a promised payment did not come: resume or not
	TaskReleaseDecide      TaskKind = "release.decide"       // the leader decides a release review
	TaskRoundApprove       TaskKind = "round.approve"        // the president answers the panel's opinion on 终结本次执行程序
	TaskCarryOut           TaskKind = "release.carry_out"    // what a release review lifted: tell police and registers
	TaskRepairCheck        TaskKind = "repair.check"         // the officer goes through the criteria
	TaskRepairDecide       TaskKind = "repair.decide"        // the leader decides an application for credit repair
	TaskFamily             TaskKind = "detention.family"     // the family of a detained person is to be told
	TaskRelease            TaskKind = "detention.release"    // his time is over
	TaskPublish            TaskKind = "measure.publish"      // the days of grace are over
	TaskMeasureOver        TaskKind = "measure.over"         // its time is over: delete, lift
	TaskExecute            TaskKind = "measure.execute"      // it was decided, and nobody carried it out
	TaskReview             TaskKind = "measure.review"       // an application against it is to be decided
	TaskSpending           TaskKind = "spending.decide"      // an application to spend is to be decided
	TaskSpendingLeader     TaskKind = "spending.approve"
	TaskLift               TaskKind = "clean_up.lift"     // lift after performance
	TaskTakeDown           TaskKind = "clean_up.poster"   // take a poster down
	TaskTakenBack          TaskKind = "clean_up.reopened" // the performance was taken back: what about what is lifted already?
)

// taskKind is how tasks of a kind are treated.
type taskKind struct {
	name string
	help string // key of the explanation on the desk
	// act says that the task ends by an act of its own (lifting a measure,
	// answering a prison's letter) and not by ticking it off.
	act bool
	// leaders says that tasks of the kind are the leaders' and stay with them on
	// hand-over.
	leaders bool
	// substitute says that whoever stands in for an absent owner does tasks of the
	// kind too.
	substitute bool
}

var taskKinds = map[TaskKind]taskKind{
	TaskServiceOfProcess: {name: "送达执行通知书", help: "task.notice"},
	TaskCloseCase:        {name: "执行期限", help: "task.close", act: true},
	TaskCheckFull:        {name: "核对是否全部履行", help: "task.check"},
	TaskPetition:         {name: "答复悔过书或申请", help: "task.petition", act: true, substitute: true},
	TaskCallBack:         {name: "回电", help: "task.call", act: true, substitute: true},

	TaskAnswerPrisonLetter: {name: "答复财产性判项公函", help: "prison_letter.clock", act: true},
	TaskConvert:            {name: "登记外币折算的汇率", help: "currency", act: true},
	TaskObjection:          {name: "审查确认后的异议", help: "task.objection"},
	TaskPlanBroken:         {name: "处理执行前和解逾期", help: "task.plan"},
	TaskDepositVerify:      {name: "核实暂存款", help: "deposit", act: true},
	TaskDepositWish:        {name: "审查改变暂存款用途", help: "deposit", act: true},
	TaskDepositSettle:      {name: "抵充暂存款", help: "deposit", act: true},
	TaskDepositRefund:      {name: "退还暂存款", help: "deposit.refund", act: true},
	TaskQueryAnswer:        {name: "查询答复", help: "query.clock", act: true},
	TaskAssistanceAnswer:   {name: "联络员反馈", help: "assistance.clock", act: true},
	TaskListingDecide:      {name: "审查纳入失信的申请", help: "task.listing", act: true, leaders: true},
	TaskProlong:            {name: "决定延长失信期限", help: "task.prolong", act: true, leaders: true},
	TaskRepairReview:       {name: "复查信用修复", help: "task.repair_review"},
	TaskBreach:             {name: "处理和解逾期", help: "task.breach"},
	TaskReleaseDecide:      {name: "决定解除审查", help: "task.release", act: true, leaders: true},
	TaskRoundApprove:       {name: "批准终结本次执行程序", help: "this_round", act: true, leaders: true},
	TaskCarryOut:           {name: "落实解除", help: "task.carry_out", act: true},
	TaskRepairCheck:        {name: "核查信用修复条件", help: "task.repair", act: true},
	TaskRepairDecide:       {name: "决定信用修复申请", help: "task.repair", act: true, leaders: true},
	TaskFamily:             {name: "通知被拘留人家属", help: "task.family", act: true},
	TaskRelease:            {name: "拘留期满释放", help: "task.freed", act: true},
	TaskPublish:            {name: "宽限期满实施", help: "task.publish", act: true},
	TaskMeasureOver:        {name: "期限届满解除", help: "task.over", act: true},
	TaskExecute:            {name: "已决定、未执行", help: "task.execute", act: true},
	TaskReview:             {name: "办理救济申请", help: "task.review", act: true},
	TaskSpending:           {name: "决定消费申请", help: "task.spending", act: true},
	TaskSpendingLeader:     {name: "批准消费申请", help: "task.spending", act: true, leaders: true},
	TaskLift:               {name: "履行后解除措施", help: "task.lift", act: true},
	TaskTakeDown:           {name: "撤下张榜", help: "task.poster", act: true},
	TaskTakenBack:          {name: "核对已解除的措施", help: "task.taken_back"},
}

// TaskKinds lists the registered kinds in order.
func TaskKinds() []TaskKind { return slices.Sorted(maps.Keys(taskKinds)) }

// Chinese is the kind's name on screens, "" for one that is not registered.
func (k TaskKind) Chinese() string { return taskKinds[k].name }

// Help is the key of the kind's explanation on the desk.
func (k TaskKind) Help() string { return taskKinds[k].help }

// ByAct tells whether tasks of the kind end by an act of their own.
func (k TaskKind) ByAct() bool { return taskKinds[k].act }

// LeaderTasks lists the kinds whose tasks are the leaders'.
func LeaderTasks() (out []TaskKind) {
	for k, t := range taskKinds {
		if t.leaders {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// SubstituteTasks lists the kinds that an absent owner's substitute sees and
// does meanwhile.
func SubstituteTasks() (out []TaskKind) {
	for k, t := range taskKinds {
		if t.substitute {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// TaskState is how far a task has come.
type TaskState string

// The states of a task. A task is never deleted.
const (
	TaskOpen      TaskState = "open"      // 待办
	TaskDone      TaskState = "done"      // 已办
	TaskCancelled TaskState = "cancelled" // 已取消: its reason is gone
)

// Chinese is the state's name on screens.
func (s TaskState) Chinese() string {
	return map[TaskState]string{TaskOpen: "待办", TaskDone: "已办", TaskCancelled: "已取消"}[s]
}

// Task is something that a member of staff has to do by a time: one clock. The
// officer's day is the list of his tasks.
type Task struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64 // 0 for tasks of a case without enforcement
	PartyID           int64 // whom it is about, 0 when nobody
	OwnerID           int64 // whose duty it is; follows the case on hand-over
	Kind              TaskKind
	Subject           Thing  `gorm:"embedded;embeddedPrefix:subject_"` // what it is about
	Title             string // Chinese, with names where they are needed
	// DueAt is when its clock ends: an instant for hours, the end of the day for
	// days. DueReason says in words how it was computed, with the rule.
	DueAt     time.Time
	DueReason string
	// GroupKey holds tasks together that are done one after another, in the order
	// of Seq; "" for a task by itself.
	GroupKey    string
	Seq         int
	State       TaskState
	Result      string // what was done, or why it was cancelled
	FileID      int64  // the proof, 0 when none
	DoneBy      int64
	DoneAt      *time.Time
	EscalatedAt *time.Time // when the leaders were told that it is late
	DedupeKey   string     // unique: one reason makes one task
	Version     int64
	CreatedAt   time.Time
}

// EndOfDay is the instant at which a clock that is counted in days ends.
func (d Date) EndOfDay() time.Time { return d.AddDays(1).Start().Add(-time.Second) }

// Late tells whether the task's clock ran out.
func (t Task) Late(now time.Time) bool { return t.State == TaskOpen && now.After(t.DueAt) }

// Finish records what was done. earlier are the open tasks of its group that
// come before it.
func (t *Task) Finish(by int64, result string, fileID int64, earlier []Task, now time.Time) error {
	result = strings.TrimSpace(result)
	switch {
	case !TaskMachine.May(t.State, TaskDone):
		return E(Conflict, "task.done", "该事项"+t.State.Chinese()+"，请刷新后查看")
	case len(earlier) > 0:
		return E(Conflict, "task.order", "请先办结“"+earlier[0].Title+"”")
	case result == "" || utf8.RuneCountInString(result) > 500:
		return InvalidField("result", "task.result", "请填写办理结果，不超过 500 字")
	}
	t.State, t.Result, t.FileID, t.DoneBy, t.DoneAt = TaskDone, result, fileID, by, &now
	return nil
}

// TaskMatch says which tasks are meant; what is set must all be so. It never
// means every task there is.
type TaskMatch struct {
	CaseID            int64
	EnforcementCaseID int64
	Kinds             []TaskKind // one of these
	Subject           Thing      // about this thing
	PartyID           int64      // because of this party
	GroupKey          string
	DedupeKey         string
}

// TaskFilter narrows a list of tasks.
type TaskFilter struct {
	OwnerID           int64 // 0: the whole court
	EnforcementCaseID int64
	CaseID            int64
	State             TaskState // "" for all
	Kind              TaskKind
	DueFrom           time.Time // zero: from the first on
	DueBefore         time.Time // zero: whatever is due
	AfterDue          time.Time // where the page before ended
	AfterID           int64
	Limit             int
}

// TaskLine is a line of a list of tasks.
type TaskLine struct {
	Task
	CaseNo string // of the enforcement case, or of the case
	Owner  string
}
