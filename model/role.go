package model

import "slices"

// Role is what a person is in a court, or a program that speaks for it. A
// person may hold several roles.
type Role string

// The roles. RoleParty and RoleRelative stand for everyone who logged in through
// WeChat: what such a user may see of a case is decided by his bindings to its
// parties, and what he may do for a debtor by his admitted link to him.
const (
	RolePublic      Role = "public"       // 公众、银行 anyone, no account
	RoleParty       Role = "party"        // 当事人及其代理人 a WeChat user
	RoleRelative    Role = "relative"     // 家属 a WeChat user: every one holds both
	RoleClerk       Role = "clerk"        // 书记员、法官助理
	RoleJudge       Role = "judge"        // 承办法官
	RoleOfficer     Role = "officer"      // 执行法官
	RoleListManager Role = "list_manager" // 名单管理员
	RoleLeader      Role = "leader"       // 院领导
	RoleLiaison     Role = "liaison"      // 执行联络员
	RoleAgency      Role = "agency"       // 责任单位
	RoleAdmin       Role = "admin"        // 系统管理员
	RoleAuditor     Role = "auditor"      // 审计员
	RoleCaseSystem  Role = "case_system"  // 法院审判管理系统, by API key
)

// Roles lists every role, in the order of the authorisation table.
var Roles = []Role{
	RolePublic, RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleListManager,
	RoleLeader, RoleLiaison, RoleAgency, RoleAdmin, RoleAuditor, RoleCaseSystem,
}

// StaffRoles lists the roles that a court's administrator can grant to a
// staff account. A liaison is none: his WeChat session has the role while his
// entry in the roster is live.
var StaffRoles = []Role{
	RoleClerk, RoleJudge, RoleOfficer, RoleListManager, RoleLeader, RoleAgency, RoleAdmin, RoleAuditor,
}

var roleNames = map[Role]string{
	RolePublic: "公众", RoleParty: "当事人", RoleRelative: "家属", RoleClerk: "书记员", RoleJudge: "承办法官",
	RoleOfficer: "执行法官", RoleListManager: "名单管理员", RoleLeader: "院领导", RoleLiaison: "执行联络员",
	RoleAgency: "责任单位", RoleAdmin: "系统管理员", RoleAuditor: "审计员", RoleCaseSystem: "审判管理系统",
}

// exclusiveRoles are the pairs that one account never holds, and why.
var exclusiveRoles = []struct {
	a, b Role
	why  string
}{
	{RoleAdmin, RoleAuditor, "审计员检查系统管理员的操作，不能是同一人；请为审计员另建账号，交给另一人"},
	{RoleAdmin, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
	{RoleAuditor, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
	{RoleClerk, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
	{RoleJudge, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
	{RoleOfficer, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
	{RoleListManager, RoleAgency, "名单管理员审核责任单位的报送，不能是责任单位的人"},
	{RoleLeader, RoleAgency, "责任单位的账号只有“责任单位”一个角色"},
}

// CheckRoles refuses roles that one staff account cannot hold: none, unknown
// ones, and pairs of which one checks the other.
func CheckRoles(roles []Role) error {
	if len(roles) == 0 {
		return InvalidField("roles", "role.required", "请至少指定一个角色；不再使用的账号请停用")
	}
	for _, r := range roles {
		if !r.IsStaff() {
			return InvalidField("roles", "role.unknown", "没有这个角色："+string(r))
		}
	}
	for _, x := range exclusiveRoles {
		if slices.Contains(roles, x.a) && slices.Contains(roles, x.b) {
			return InvalidField("roles", "role.exclusive", "“"+x.a.Chinese()+"”和“"+x.b.Chinese()+"”不能由同一账号担任："+x.why)
		}
	}
	return nil
}

// Chinese is the role's name on screens.
func (r Role) Chinese() string { return roleNames[r] }

// IsStaff tells whether the role is granted to staff accounts.
func (r Role) IsStaff() bool { return slices.Contains(StaffRoles, r) }

// Act is something that a person does in the system. Every route names its
// act; nothing else decides who may call it.
type Act string

// The acts.
const (
	ActPublic Act = "public" // anyone, also without logging in

	ActSelf        Act = "self"         // one's own session, profile and inbox
	ActSelfStaff   Act = "self.staff"   // a staff member's own account
	ActBind        Act = "party.bind"   // become a party of a case
	ActApproveScan Act = "scan.approve" // let a desk log in by the phone

	ActCasePut      Act = "case.put"      // push a case from the case system
	ActCaseFile     Act = "case.file"     // file a case by form or import
	ActCaseRead     Act = "case.read"     // see cases, ledger, receipts
	ActCaseHandOver Act = "case.handover" // move the duty to another judge
	ActPartySucceed Act = "party.succeed" // record that another stands in a party's place
	ActBindingIssue Act = "binding.issue" // print a binding code, end a binding
	ActContactLog   Act = "contact.log"   // log a phone call or a visit
	ActPromise      Act = "promise.make"  // promise to pay
	ActBurdenChoose Act = "burden.choose" // choose between a mediation's own liability and that for delay
	ActPeriodRecord Act = "period.record" // record what interrupts or suspends a period for applying

	ActScheduleRead   Act = "schedule.read"   // see the plan of urging
	ActScheduleManage Act = "schedule.manage" // pause, resume, stop, skip, send by hand

	ActServiceOfProcessRead Act = "service_of_process.read" // see the proof of service of a case's notices
	ActConsent              Act = "consent.record"          // consent to electronic service, or take it back
	ActPaperRequest         Act = "paper.request"           // ask for a notice on paper
	ActPaperDo              Act = "paper.do"                // the clerk's paper tasks
	ActDeliveryManage       Act = "delivery.manage"         // messages that failed

	ActDossierRead   Act = "dossier.read"   // see what belongs into the electronic files of one's cases, and take a file out
	ActDossierManage Act = "dossier.manage" // hand over again what is not in the file

	ActSubscribe Act = "subscription.self" // what WeChat may show one

	ActUpload         Act = "file.upload"            // upload a file for a case
	ActReceiptSubmit  Act = "receipt.submit"         // upload and submit a receipt
	ActReceiptWindow  Act = "receipt.window"         // submit one for a party at the court's window
	ActReceiptQueue   Act = "receipt.queue"          // the court's queue
	ActReceiptDecide  Act = "receipt.decide"         // confirm, return, correct
	ActReceiptCopy    Act = "receipt.copy"           // let a creditor see a copy that was blacked out on paper
	ActInterestWaive  Act = "interest.waive"         // a creditor waives interest that he is owed
	ActDebtForgive    Act = "debt.forgive"           // a creditor forgives what he is owed
	ActUnderstand     Act = "understanding.give"     // a creditor says by himself that he forgives the debtor as a person
	ActDebtRefuse     Act = "debt.refuse"            // a debtor refuses to be forgiven
	ActPlanRecord     Act = "plan.record"            // record an agreement on a changed plan, and answers on paper
	ActPlanAnswer     Act = "plan.answer"            // a party agrees to it or not
	ActPlanRead       Act = "plan.read"              // see them, a party its own
	ActInterestDecide Act = "interest.decide"        // leave interest, say which days count, enter terms
	ActReceiptAnswer  Act = "receipt.answer"         // the obligee acknowledges or disputes
	ActFileRead       Act = "file.read"              // look at a receipt's picture
	ActAccountEnter   Act = "payment_account.enter"  // enter a creditor's account
	ActAccountRead    Act = "payment_account.read"   // see a case's accounts, a creditor its own
	ActAccountCall    Act = "payment_account.call"   // record the call about a changed one
	ActAccountDecide  Act = "payment_account.decide" // use one, refuse or stop it
	ActHowToPay       Act = "pay.read"               // see where the open money goes
	ActCertApply      Act = "certificate.apply"
	ActCertIssue      Act = "certificate.issue"
	ActCertRevoke     Act = "certificate.revoke"
	ActCertRead       Act = "certificate.read"  // see which there are, and how they stand
	ActCertOpen       Act = "certificate.open"  // see one with its check code, its paper and who looked it up
	ActCertShare      Act = "certificate.share" // hand out a one-time detail code
	ActAuditRead      Act = "audit.read"

	ActEnforcementPut      Act = "enforcement.put"      // push an enforcement case from the case system
	ActEnforcementFile     Act = "enforcement.file"     // file one by form or import
	ActEnforcementRead     Act = "enforcement.read"     // see enforcement cases
	ActPersonRead          Act = "person.read"          // see all that is known of one person or company, over its cases
	ActEnforcementHandOver Act = "enforcement.handover" // move one, or all of one officer's, to another officer
	ActEnforcementClose    Act = "enforcement.close"
	ActShareRead           Act = "share.read"     // how money is shared among the creditors of one debtor
	ActShareManage         Act = "share.manage"   // draw the plan, serve it, allocate
	ActMoneyRead           Act = "money.read"     // see the money that the court holds for enforcement cases, and where it went
	ActMoneyEnter          Act = "money.enter"    // enter what arrived, set it right
	ActMoneyIdentify       Act = "money.identify" // say whose case unidentified money is for
	ActPayoutPrepare       Act = "payout.prepare" // prepare a payout, ask for a delay
	ActPayoutApprove       Act = "payout.approve" // approve either
	ActPayoutPay           Act = "payout.pay"     // carry a payout out, with the bank's slip
	ActTaskRead            Act = "task.read"      // what is to be done by when

	ActMeasureRead    Act = "measure.read"    // see coercive measures and their history
	ActMeasurePropose Act = "measure.propose" // propose one and carry it out
	ActMeasureDecide  Act = "measure.decide"  // decide one: the officer what he may with his panel
	ActMeasureApprove Act = "measure.approve" // decide what the president signs (院长批准)
	ActMeasureLift    Act = "measure.lift"
	ActMeasureOwn     Act = "measure.own"   // see those against oneself
	ActReviewAsk      Act = "review.ask"    // apply against a measure
	ActReviewRecord   Act = "review.record" // enter the result
	ActSpendingAsk    Act = "spending.ask"  // ask to spend in spite of a restriction
	ActSpendingDecide Act = "spending.decide"
	ActSpendingRead   Act = "spending.read" // see applications to spend, a party its own
	ActCleanUpRead    Act = "clean_up.read" // see what is lifted after payment, and by when
	ActCleanUpDo      Act = "clean_up.do"   // lift it, hold it, go on
	ActTaskDo         Act = "task.do"       // say that it is done

	ActQueryRead    Act = "query.read"    // see queries about debtors and their answers
	ActQueryRequest Act = "query.request" // ask, send, record the answer, take back
	ActQueryApprove Act = "query.approve"

	ActLiaisonRead       Act = "liaison.read"       // the roster and the coverage of villages
	ActLiaisonManage     Act = "liaison.manage"     // keep the roster
	ActAssistanceRead    Act = "assistance.read"    // see requests to liaisons
	ActAssistanceRequest Act = "assistance.request" // ask one, close it
	ActAssist            Act = "assist"             // the liaison's side
	ActSettlementRecord  Act = "settlement.record"  // record a settlement in enforcement, resume enforcement
	ActSettlementRead    Act = "settlement.read"    // see them, a party its own
	ActReleasePropose    Act = "release.propose"    // propose to release measures
	ActReleaseDecide     Act = "release.decide"
	ActReleaseRead       Act = "release.read" // the court's list
	ActRepairApply       Act = "repair.apply" // apply for credit repair, or record an application
	ActRepairCheck       Act = "repair.check" // go through its criteria
	ActRepairDecide      Act = "repair.decide"
	ActRepairRead        Act = "repair.read"  // see a case's applications, a party its own
	ActRepairQueue       Act = "repair.queue" // the court's list

	ActDocumentRead  Act = "document.read"  // see a case's numbered papers
	ActDocumentMake  Act = "document.make"  // make a paper by hand
	ActTemplateRead  Act = "template.read"  // see the court's templates
	ActTemplateWrite Act = "template.write" // change them

	ActMessageRead   Act = "message.read"   // see what parties and court write to each other
	ActMessageWrite  Act = "message.write"  // write there
	ActMessageQueue  Act = "message.queue"  // what waits for an answer
	ActMessageSettle Act = "message.settle" // say that no answer is needed

	ActRelativeAsk       Act = "relative.ask"    // ask to be connected to a debtor, and what follows from it
	ActRelativeInvite    Act = "relative.invite" // invite a relative, and decide about who came by it
	ActRelativeCode      Act = "relative.code"   // print a code for the family
	ActRelativeRead      Act = "relative.read"   // see who asks and who is connected
	ActRelativeDecide    Act = "relative.decide" // admit, decline, block, end
	ActReferenceRead     Act = "reference.read"  // find the case of money that arrived
	ActPetitionMake      Act = "petition.make"   // a remorse statement, a request for early release
	ActPetitionRead      Act = "petition.read"
	ActPetitionDecide    Act = "petition.decide"
	ActCallMake          Act = "call.make"          // ask for a call or offer one, and answer about it
	ActCallNumber        Act = "call.number"        // see where to call
	ActAbsence           Act = "absence"            // say who answers while one is away
	ActPenaltyRead       Act = "penalty.read"       // a criminal case's items of property and the prison letters about them
	ActPenaltyManage     Act = "penalty.manage"     // their categories, statements, prison letters and answers
	ActDepositMake       Act = "deposit.make"       // enter money that was paid before a judgment, take it back
	ActDepositRead       Act = "deposit.read"       // see it, an accused his own, with his items of property
	ActDepositDecide     Act = "deposit.decide"     // verify, return, correct, set off, give back
	ActDepositRepay      Act = "deposit.repay"      // enter that it went back, with the bank's receipt
	ActDecisionRead      Act = "decision.read"      // the periods of an agency's application for enforcement
	ActDecisionManage    Act = "decision.manage"    // enter the facts on which they hang
	ActSurchargeReduce   Act = "surcharge.reduce"   // enter what an enforcement agreement takes off
	ActPenaltyStatistics Act = "penalty.statistics" // criminal property penalties fully performed

	ActStaffManage Act = "staff.manage" // staff accounts, their roles, API keys
	ActCourtManage Act = "court.manage" // the court's particulars and settings
	ActOperations  Act = "operations"   // whether everything runs, and what failed
	ActOverview    Act = "overview"     // the court's state today

	ActAgencyRead   Act = "agency.read"   // the directory of agencies and what they owe
	ActAgencyManage Act = "agency.manage" // keep both
	ActDutyAdopt    Act = "duty.adopt"    // take over the suggested list of duties
	ActDutyRead     Act = "duty.read"     // see their tasks and reports, which name cases
	ActDutyDecide   Act = "duty.decide"   // accept or return what an agency reports
	ActAgencyDesk   Act = "agency.desk"   // an agency's own duties, files and reports
	ActListingFetch Act = "listing.fetch" // the list of dishonest debtors with full numbers
)

// access is the authorisation table: who may do what. It is the only place
// that decides it. Which case a person may do it in is in the WHERE of the
// query (storage), by court, judge or binding.
var access = map[Act][]Role{
	ActPublic: Roles,
	ActSelf: {
		RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleListManager, RoleLeader, RoleLiaison, RoleAgency,
		RoleAdmin, RoleAuditor,
	},
	ActSelfStaff:   StaffRoles,
	ActBind:        {RoleParty},
	ActApproveScan: {RoleParty},

	ActCasePut:      {RoleCaseSystem},
	ActCaseFile:     {RoleClerk, RoleJudge},
	ActCaseRead:     {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActCaseHandOver: {RoleJudge, RoleLeader},
	ActPartySucceed: {RoleJudge},
	ActBindingIssue: {RoleClerk, RoleJudge, RoleOfficer},
	ActContactLog:   {RoleClerk, RoleJudge, RoleOfficer},
	ActPromise:      {RoleParty},
	ActBurdenChoose: {RoleJudge},
	ActPeriodRecord: {RoleJudge},

	ActScheduleRead:   {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActScheduleManage: {RoleJudge},

	ActServiceOfProcessRead: {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActConsent:              {RoleParty, RoleClerk, RoleJudge},
	ActPaperRequest:         {RoleParty, RoleClerk, RoleJudge},
	ActPaperDo:              {RoleClerk},
	ActDeliveryManage:       {RoleClerk, RoleAdmin},

	ActDossierRead:   {RoleClerk, RoleJudge},
	ActDossierManage: {RoleClerk, RoleJudge},

	ActSubscribe: {RoleParty, RoleRelative},

	ActUpload:         {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleLiaison, RoleAgency, RoleAdmin}, // an agency and an administrator for no case
	ActReceiptSubmit:  {RoleParty, RoleRelative},
	ActReceiptWindow:  {RoleClerk}, // old people, and whoever has no phone
	ActReceiptQueue:   {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActReceiptDecide:  {RoleJudge, RoleOfficer}, // a clerk prepares, but cannot confirm
	ActReceiptCopy:    {RoleClerk, RoleJudge, RoleOfficer},
	ActInterestWaive:  {RoleParty},
	ActDebtForgive:    {RoleParty},
	ActUnderstand:     {RoleParty},
	ActDebtRefuse:     {RoleParty},
	ActPlanRecord:     {RoleJudge},
	ActPlanAnswer:     {RoleParty},
	ActPlanRead:       {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActInterestDecide: {RoleJudge},
	ActReceiptAnswer:  {RoleParty},
	ActFileRead:       {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleListManager, RoleLeader, RoleAgency},

	ActAccountEnter:  {RoleParty, RoleClerk},
	ActAccountRead:   {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActAccountCall:   {RoleClerk, RoleJudge, RoleOfficer},
	ActAccountDecide: {RoleJudge, RoleOfficer}, // a clerk prepares, but cannot confirm
	ActHowToPay:      {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer},

	ActCertApply:  {RoleParty},
	ActCertIssue:  {RoleJudge}, // a clerk prepares, but cannot issue
	ActCertRevoke: {RoleJudge},
	ActCertRead:   {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleListManager, RoleLeader},
	ActCertOpen:   {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActCertShare:  {RoleParty},

	ActAuditRead: {RoleAuditor}, // an administrator is who is audited

	ActEnforcementPut:      {RoleCaseSystem},
	ActEnforcementFile:     {RoleClerk, RoleOfficer},
	ActEnforcementRead:     {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActPersonRead:          {RoleOfficer, RoleLeader},
	ActEnforcementHandOver: {RoleOfficer, RoleLeader},
	ActEnforcementClose:    {RoleOfficer},
	ActShareRead:           {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActShareManage:         {RoleOfficer},
	ActMoneyRead:           {RoleClerk, RoleOfficer, RoleLeader},
	ActMoneyEnter:          {RoleClerk},
	ActMoneyIdentify:       {RoleClerk, RoleOfficer},
	ActPayoutPrepare:       {RoleOfficer},
	ActPayoutApprove:       {RoleLeader},
	ActPayoutPay:           {RoleClerk}, // who prepared it never does, see MatterPayout
	ActTaskRead:            {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActTaskDo:              {RoleJudge, RoleOfficer},

	ActQueryRead:    {RoleOfficer, RoleLeader},
	ActQueryRequest: {RoleOfficer},
	ActQueryApprove: {RoleLeader},

	ActLiaisonRead:       {RoleClerk, RoleOfficer, RoleLeader, RoleAdmin},
	ActLiaisonManage:     {RoleClerk, RoleLeader, RoleAdmin},
	ActAssistanceRead:    {RoleOfficer, RoleLeader},
	ActAssistanceRequest: {RoleOfficer},
	ActAssist:            {RoleLiaison},
	ActSettlementRecord:  {RoleOfficer},
	ActSettlementRead:    {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActReleasePropose:    {RoleOfficer},
	ActReleaseDecide:     {RoleLeader},
	ActReleaseRead:       {RoleOfficer, RoleLeader},
	ActRepairApply:       {RoleParty, RoleOfficer},
	ActRepairCheck:       {RoleOfficer},
	ActRepairDecide:      {RoleLeader},
	ActRepairRead:        {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActRepairQueue:       {RoleOfficer, RoleLeader},
	ActMeasureRead:       {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActMeasurePropose:    {RoleOfficer},
	ActMeasureDecide:     {RoleOfficer, RoleLeader},
	ActMeasureApprove:    {RoleLeader},
	ActMeasureLift:       {RoleOfficer, RoleLeader},
	ActMeasureOwn:        {RoleParty},
	ActReviewAsk:         {RoleParty, RoleOfficer},
	ActReviewRecord:      {RoleOfficer, RoleLeader}, // the leader what the officer took down himself
	ActSpendingAsk:       {RoleParty, RoleOfficer},
	ActSpendingDecide:    {RoleOfficer, RoleLeader},
	ActSpendingRead:      {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActCleanUpRead:       {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActCleanUpDo:         {RoleOfficer},

	ActDocumentRead:  {RoleParty, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActDocumentMake:  {RoleClerk, RoleJudge, RoleOfficer},
	ActTemplateRead:  {RoleClerk, RoleJudge, RoleAdmin},
	ActTemplateWrite: {RoleAdmin},

	ActMessageRead:   {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActMessageWrite:  {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer},
	ActMessageQueue:  {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActMessageSettle: {RoleClerk, RoleJudge, RoleOfficer},

	ActRelativeAsk:       {RoleRelative},
	ActRelativeInvite:    {RoleParty},
	ActRelativeCode:      {RoleClerk, RoleOfficer},
	ActRelativeRead:      {RoleClerk, RoleOfficer, RoleLeader},
	ActRelativeDecide:    {RoleOfficer},
	ActReferenceRead:     {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActPetitionMake:      {RoleParty, RoleRelative, RoleOfficer},
	ActPetitionRead:      {RoleParty, RoleRelative, RoleClerk, RoleOfficer, RoleLeader},
	ActPetitionDecide:    {RoleOfficer},
	ActCallMake:          {RoleParty, RoleRelative, RoleJudge, RoleOfficer}, // a clerk writes, but calls nobody for the judge
	ActCallNumber:        {RoleJudge, RoleOfficer},
	ActAbsence:           {RoleOfficer, RoleLeader, RoleAdmin},
	ActPenaltyRead:       {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActPenaltyManage:     {RoleClerk, RoleJudge},
	ActDepositMake:       {RoleParty, RoleRelative, RoleClerk},
	ActDepositRead:       {RoleParty, RoleRelative, RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActDepositDecide:     {RoleJudge}, // a clerk prepares, but disposes of nothing
	ActDepositRepay:      {RoleClerk, RoleJudge},
	ActDecisionRead:      {RoleClerk, RoleJudge, RoleOfficer, RoleLeader},
	ActDecisionManage:    {RoleClerk, RoleJudge},
	ActSurchargeReduce:   {RoleJudge}, // a clerk prepares, but takes nothing off
	ActPenaltyStatistics: {RoleLeader},

	ActStaffManage: {RoleAdmin},
	ActCourtManage: {RoleAdmin},
	ActOperations:  {RoleAdmin},
	ActOverview:    {RoleLeader},

	ActAgencyRead:   {RoleListManager, RoleLeader, RoleAdmin},
	ActAgencyManage: {RoleListManager, RoleAdmin},
	ActDutyAdopt:    {RoleListManager, RoleLeader, RoleAdmin},
	ActDutyRead:     {RoleListManager, RoleLeader}, // an administrator keeps the directory, but reads no cases
	ActDutyDecide:   {RoleListManager},             // an administrator keeps the list, but does not judge the work
	ActAgencyDesk:   {RoleAgency},
	ActListingFetch: {RoleAgency},
}

// Valid tells whether there is such an act.
func (a Act) Valid() bool { return len(access[a]) > 0 }

// May tells whether a role may do an act.
func (r Role) May(act Act) bool { return slices.Contains(access[act], r) }

// RolesFor lists the roles that may do an act.
func RolesFor(act Act) []Role { return slices.Clone(access[act]) }
