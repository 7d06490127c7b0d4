package model

import "slices"

// CaseEnding is a way in which an enforcement case ends: a CloseType, or 销案 of a case
// that should never have been filed.
type CaseEnding string

// The endings.
const (
	EndPerformed  CaseEnding = CaseEnding(ClosePerformed)
	EndThisRound  CaseEnding = CaseEnding(CloseThisRound)
	EndEnded      CaseEnding = CaseEnding(CloseEnded)
	EndStruck     CaseEnding = CaseEnding(CloseCancelled)
	EndMistake    CaseEnding = "mistake"
	EndNotEnforce CaseEnding = CaseEnding(CloseNotEnforce)
	EndRejected   CaseEnding = CaseEnding(CloseRejected)
)

// CaseEndings lists the endings in the order of the table.
var CaseEndings = []CaseEnding{EndPerformed, EndThisRound, EndEnded, EndStruck, EndMistake, EndNotEnforce, EndRejected}

// Chinese is the ending's name.
func (e CaseEnding) Chinese() string {
	if e == EndMistake {
		return CloseCancelled.Chinese() + "（立案有误）"
	}
	return CloseType(e).Chinese()
}

// Ending is how the case ended, "" while it is open.
func (e *EnforcementCase) Ending() CaseEnding {
	switch {
	case e.State != EnforcementClosed:
		return ""
	case e.FiledByMistake:
		return EndMistake
	}
	return CaseEnding(e.CloseType)
}

// Fate is what becomes of something when its enforcement case ends.
type Fate string

// The fates.
const (
	FateKept      Fate = "kept"      // 不变
	FateLifted    Fate = "lifted"    // 解除: a step of a clean-up, with its clock
	FateReviewed  Fate = "reviewed"  // 审查是否解除: a step whose answer is the president's
	FateWithdrawn Fate = "withdrawn" // 撤回
	FateCancelled Fate = "cancelled" // 取消: nobody did it, and nobody has to any more
	FateDone      Fate = "done"      // 办结
	FateIfServed  Fate = "if_served" // 有送达记录的办结，没有的取消
	FateFollows   Fate = "follows"   // 随措施: it goes on as long as the measure stands
	FateRestored  Fate = "restored"  // 恢复: as if the case had never been filed
)

// Chinese is the fate in words.
func (f Fate) Chinese() string {
	return map[Fate]string{
		FateKept: "不变", FateLifted: "解除", FateReviewed: "审查是否解除", FateWithdrawn: "撤回", FateCancelled: "取消", FateDone: "办结",
		FateIfServed: "已送达的办结，否则取消", FateFollows: "随措施", FateRestored: "恢复",
	}[f]
}

// EndingThing is something that hangs on an enforcement case.
type EndingThing string

// What hangs on an enforcement case.
const (
	EndsListing      EndingThing = "listing"
	EndsListingTerm  EndingThing = "listing_with_term"
	EndsConsumption  EndingThing = "consumption"
	EndsTracing      EndingThing = "tracing"
	EndsExitBan      EndingThing = "exit_ban"
	EndsOrderedHeld  EndingThing = "detention_ordered"
	EndsHeld         EndingThing = "detention"
	EndsFine         EndingThing = "fine"
	EndsProposal     EndingThing = "proposal"
	EndsProlongation EndingThing = "prolongation"
	EndsSpending     EndingThing = "spending"
	EndsRelease      EndingThing = "release"
	EndsSettlement   EndingThing = "settlement"
	EndsBreachTask   EndingThing = "settlement_task"
	EndsQuery        EndingThing = "query"
	EndsAssistance   EndingThing = "assistance"
	EndsAgencyTask   EndingThing = "agency_task"
	EndsPublicEntry  EndingThing = "public_entry"
	EndsPetition     EndingThing = "petition"
	EndsReviewOf     EndingThing = "measure_review"
	EndsRepair       EndingThing = "repair"
	EndsServiceTask  EndingThing = "service_task"
	EndsCloseTask    EndingThing = "close_task"
	EndsCheckTask    EndingThing = "check_task"
	EndsRoundTask    EndingThing = "round_task"
	EndsVoluntary    EndingThing = "voluntary"
	EndsAcceleration EndingThing = "acceleration"
)

// EndingEffect says what becomes of one thing in each ending.
type EndingEffect struct {
	Thing EndingThing
	Name  string
	Fates [7]Fate // in the order of CaseEndings
	Why   string
	Rules []Citation
}

// Of is what becomes of the thing in an ending.
func (x EndingEffect) Of(e CaseEnding) Fate {
	if i := slices.Index(CaseEndings, e); i >= 0 {
		return x.Fates[i]
	}
	return FateKept
}

const (
	fK = FateKept
	fL = FateLifted
	fR = FateReviewed
	fW = FateWithdrawn
	fC = FateCancelled
	fD = FateDone
	fS = FateIfServed
	fF = FateFollows
	fB = FateRestored
)

// endingEffects is the table. The columns: 执行完毕, 终结本次执行程序, 终结执行, 销案,
// 销案（立案有误）, 不予执行, 驳回申请. deploy/docs/enforcement.md shows it.
var endingEffects = []EndingEffect{
	{EndsListing, "失信被执行人名单（至履行完毕为止）", [7]Fate{fL, fK, fL, fL, fL, fL, fL}, "终结本次执行程序不免除义务；其他方式结案的，不再强制执行", []Citation{CiteListingDeleted}},
	{EndsListingTerm, "失信被执行人名单（有期限）", [7]Fate{fR, fK, fK, fR, fR, fR, fR}, "有期限的，期限届满才删除，提前删除由院长决定；案件自始不应执行的，审查是否纠正", []Citation{CiteListingDeletedTerm, CiteListingEarly, CiteListingCorrection}},
	{EndsConsumption, "限制高消费", [7]Fate{fL, fK, fL, fL, fL, fL, fL}, "", []Citation{CiteConsumptionLifted}},
	{EndsTracing, "网上布控", [7]Fate{fL, fK, fL, fL, fL, fL, fL}, "不再执行的，公安机关不再查找", []Citation{CiteTracing}},
	{EndsExitBan, "限制出境", [7]Fate{fL, fK, fL, fL, fL, fL, fL}, "", []Citation{CiteExitBanLifted}},
	{EndsOrderedHeld, "司法拘留（已决定、未收拘）", [7]Fate{fL, fK, fL, fL, fL, fL, fL}, "案件终结后不再实施", []Citation{CiteDetentionRelease}},
	{EndsHeld, "司法拘留（已收拘）", [7]Fate{fL, fK, fK, fK, fR, fR, fR}, "处罚已经发生的行为，不因结案当然解除；履行完毕的，提请院长提前解除", []Citation{CiteDetentionRelease}},
	{EndsFine, "罚款", [7]Fate{fK, fK, fK, fK, fR, fK, fK}, "处罚已经发生的行为，结案后仍应缴纳", []Citation{CiteFineAmounts}},
	{EndsProposal, "提出而未决定的措施", [7]Fate{fW, fW, fW, fW, fW, fW, fW}, "结案后不能决定；恢复执行的，重新提出", nil},
	{EndsProlongation, "延长失信期限的提请", [7]Fate{fC, fK, fC, fC, fC, fC, fC}, "", nil},
	{EndsSpending, "准许消费的申请", [7]Fate{fF, fF, fF, fF, fF, fF, fF}, "限制消费解除时失效", nil},
	{EndsRelease, "解除审查", [7]Fate{fC, fK, fC, fC, fC, fC, fC}, "措施已经因结案处理", nil},
	{EndsSettlement, "执行和解协议", [7]Fate{fK, fK, fK, fK, fK, fK, fK}, "协议约束当事人，不因结案失效", []Citation{CiteSettlementResumed}},
	{EndsBreachTask, "处理和解逾期的事项", [7]Fate{fD, fK, fK, fC, fC, fC, fC}, "可以恢复执行的，逾期仍须处理", []Citation{CiteSettlementResumed}},
	{EndsQuery, "未答复的查询", [7]Fate{fC, fK, fC, fC, fC, fC, fC}, "结案后没有查询的理由；终结本次执行程序以后仍要查找财产", []Citation{CiteAssetQuery}},
	{EndsAssistance, "未办结的协助请求", [7]Fate{fC, fK, fC, fC, fC, fC, fC}, "", nil},
	{EndsAgencyTask, "责任单位的惩戒事项", [7]Fate{fF, fF, fF, fF, fF, fF, fF}, "措施解除时，通知责任单位解除限制", nil},
	{EndsPublicEntry, "公布的失信信息", [7]Fate{fF, fF, fF, fF, fF, fF, fF}, "", nil},
	{EndsPetition, "悔过书、提前解除拘留的申请", [7]Fate{fK, fK, fK, fK, fK, fK, fK}, "仍须答复", nil},
	{EndsReviewOf, "对措施的救济申请", [7]Fate{fK, fK, fK, fK, fK, fK, fK}, "仍须在期限内作出结果", nil},
	{EndsRepair, "未决定的信用修复申请", [7]Fate{fK, fK, fK, fK, fK, fK, fK}, "仍须在期限内答复申请人；措施已经解除的，没有可以修复的，不予修复并写明", []Citation{CiteGoodFaith}},
	{EndsServiceTask, "送达执行通知书的事项", [7]Fate{fS, fS, fS, fS, fS, fS, fS}, "没有送达记录的，不能写成已办", []Citation{CiteEnforcementNotice}},
	{EndsCloseTask, "执行期限的事项", [7]Fate{fD, fD, fD, fD, fD, fD, fD}, "", []Citation{CiteClosingMonths}},
	{EndsCheckTask, "核对是否全部履行的事项", [7]Fate{fD, fC, fC, fC, fC, fC, fC}, "", nil},
	{EndsRoundTask, "批准终结本次执行程序的事项", [7]Fate{fC, fC, fC, fC, fC, fC, fC}, "已经批准的，批准时办结", []Citation{CiteRoundApproved}},
	{EndsVoluntary, "自动履行阶段、自动履行证明书", [7]Fate{fK, fK, fK, fK, fB, fK, fB}, "自始不应执行的，视为没有进入执行；其他方式结案的，已经进入执行", nil},
	{EndsAcceleration, "因申请执行而提前到期的分期", [7]Fate{fK, fK, fK, fK, fB, fK, fB}, "", nil},
}

// EndingTasks are the kinds of task of a case that its ending ends.
func EndingTasks() []TaskKind {
	return []TaskKind{TaskBreach, TaskCloseCase, TaskCheckFull, TaskServiceOfProcess}
}

// EndingEffects lists what becomes of everything.
func EndingEffects() []EndingEffect { return slices.Clone(endingEffects) }

// FateOf is what becomes of something in an ending.
func FateOf(t EndingThing, e CaseEnding) Fate {
	i := slices.IndexFunc(endingEffects, func(x EndingEffect) bool { return x.Thing == t })
	return endingEffects[i].Of(e)
}

// Ends is which line of the table a measure that stands, or waits, is.
func (m Measure) Ends() EndingThing {
	switch {
	case m.State == MeasureProposed:
		return EndsProposal
	case m.Kind == MeasureListing && !m.Until.IsZero():
		return EndsListingTerm
	case m.Kind == MeasureListing:
		return EndsListing
	case m.Kind == MeasureConsumption:
		return EndsConsumption
	case m.Kind == MeasureTracing:
		return EndsTracing
	case m.Kind == MeasureExitBan:
		return EndsExitBan
	case m.Kind == MeasureDetention && m.State == MeasureDecided:
		return EndsOrderedHeld
	case m.Kind == MeasureDetention:
		return EndsHeld
	}
	return EndsFine
}

// NeverEnforced tells whether the case ended as one that should not have enforced
// anything: performance stays voluntary.
func (e *EnforcementCase) NeverEnforced() bool {
	return FateOf(EndsVoluntary, e.Ending()) == FateRestored
}

// EndingCause is the cause of the clean-up that an ending makes, "" for one that
// lifts nothing by itself.
func EndingCause(e CaseEnding) LiftGround {
	return map[CaseEnding]LiftGround{
		EndPerformed: LiftPerformed, EndEnded: LiftTerminated, EndStruck: LiftStruck, EndMistake: LiftStruck, EndNotEnforce: LiftNotEnforced, EndRejected: LiftRejected,
	}[e]
}

// StepGround is for what a step of a clean-up lifts its measure.
func StepGround(e CaseEnding, cause LiftGround, m Measure) LiftGround {
	switch {
	case FateOf(m.Ends(), e) != FateReviewed:
		return cause
	case e == EndPerformed:
		return LiftEarly
	}
	return LiftWrong
}

// closedBy are the grounds of lifting that only the end of the case makes true.
var closedBy = map[LiftGround][]CaseEnding{
	LiftTerminated: {EndEnded}, LiftNotEnforced: {EndNotEnforce}, LiftStruck: {EndStruck, EndMistake}, LiftRejected: {EndRejected}, LiftNoAssets: {EndThisRound},
}

// MayBe tells whether a ground of lifting may be true of a case that is open, or ended
// so: what only an ending makes true is not offered before.
func (g LiftGround) MayBe(e CaseEnding) bool {
	return closedBy[g] == nil || slices.Contains(closedBy[g], e)
}

// liftEnding: that the case ended in a way is not said before it did, nor that credit
// repair was granted, nor that an agreement was performed of which the record says
// otherwise.
func (c MeasureCase) liftEnding() error {
	switch s := c.Settlement; {
	case c.Lift.Ground == LiftCredit && !c.Repaired:
		return InvalidField("ground", "lift.ending", "院领导没有准予该被执行人信用修复，或者已经撤销，不能以“"+LiftCredit.Chinese()+"”为由解除，依据"+CiteGoodFaith.String())
	case c.Lift.Ground == LiftSettled && s.ID != 0 && s.EnforcementCaseID == c.Enforcement.ID && s.State != SettlementPerformed:
		return InvalidField("ground", "lift.ending", "登记的执行和解协议没有履行完毕（"+s.State.Chinese()+"），不能以“"+LiftSettled.Chinese()+"”为由解除")
	}
	ends := closedBy[c.Lift.Ground]
	if ends == nil || slices.Contains(ends, c.Enforcement.Ending()) {
		return nil
	}
	return InvalidField("ground", "lift.ending", "执行案件没有以"+ends[0].Chinese()+"结案，不能以“"+c.Lift.Ground.Chinese()+"”为由解除；已经裁定的，请先办理结案")
}
