package model

import (
	"maps"
	"slices"
	"time"
)

// NoticeKind is the kind of a notice.
type NoticeKind string

// The kinds of notice. A new one is registered in kinds below.
const (
	NoticeFiled              NoticeKind = "case.filed"          // 自动履行告知书, at filing
	NoticeInstrument         NoticeKind = "case.instrument"     // obligations known: what, to whom, by when
	NoticeReceiptReceived    NoticeKind = "receipt.received"    // to the payer
	NoticeReceiptReturned    NoticeKind = "receipt.returned"    // to the payer
	NoticeReceiptWithdrawn   NoticeKind = "receipt.withdrawn"   // to the debtor: somebody else took back what he had handed in
	NoticeReceiptConfirmed   NoticeKind = "receipt.confirmed"   // to payer and obligees
	NoticeReceiptCorrected   NoticeKind = "receipt.corrected"   // to payer and obligees
	NoticeDebtEntered        NoticeKind = "debt.entered"        // to debtors and creditor
	NoticePlanProposed       NoticeKind = "plan.proposed"       // to those who are to agree on another plan
	NoticePlanAgreed         NoticeKind = "plan.agreed"         // to them: it stands in front, or does again
	NoticePlanBroken         NoticeKind = "plan.broken"         // to them: a part did not come
	NoticePlanKept           NoticeKind = "plan.kept"           // to them: everything arrived
	NoticePlanEnded          NoticeKind = "plan.ended"          // to them: it ended otherwise
	NoticePlanAnswered       NoticeKind = "plan.answered"       // to the judge
	NoticePartyChanged       NoticeKind = "party.changed"       // to debtors and creditors, also to who stands in a party's place
	NoticeObligeeAsked       NoticeKind = "obligee.asked"       // 请权利人确认收款
	NoticeCertificateIssued  NoticeKind = "certificate.issued"  // to the holder
	NoticeCertificateRevoked NoticeKind = "certificate.revoked" // to the holder
	NoticeCertificateApplied NoticeKind = "certificate.applied" // to the judge
	NoticeReceiptSubmitted   NoticeKind = "receipt.submitted"   // to the judge
	NoticeReceiptDisputed    NoticeKind = "receipt.disputed"    // to the judge
	NoticeReceiptRedacted    NoticeKind = "receipt.redacted"    // to the obligee: a copy of the picture for him
	NoticeDecisionFailed     NoticeKind = "decision.failed"     // to the judge: what he decided of a receipt did not take effect
	NoticeDutyReplaced       NoticeKind = "case.replaced"       // to the judge: a new instrument took the place of duties, and what is over
	NoticeDutyChanged        NoticeKind = "case.changed"        // to both sides: what is owed, or when, changed, and why
	NoticeAccount            NoticeKind = "payment_account"     // to the creditor: an account of his was entered, is used, or is not
	NoticeCaseLinked         NoticeKind = "case.linked"         // to a person who was verified before: a case of his appeared by itself
	NoticePromise            NoticeKind = "promise.made"        // to the creditor: the period's new end
	NoticeCaseHandedOver     NoticeKind = "case.handed_over"    // to the new judge
	NoticeJudgeChanged       NoticeKind = "case.judge_changed"  // to the parties: who sees to their case now
	NoticeRelativeOfficer    NoticeKind = "relative.officer"    // to the relative: who answers him now
	NoticeCreditorSheet      NoticeKind = "creditor.sheet"      // 权利人须知: how and until when to apply for enforcement
	NoticeDueSoon            NoticeKind = "due.soon"            // 到期提醒, before the due day
	NoticeFirstDemand        NoticeKind = "demand.first"        // 自动履行催告书, after the due day
	NoticeSecondDemand       NoticeKind = "demand.second"       // the second, with the cost of waiting
	NoticeMessageAsked       NoticeKind = "message.asked"       // to the judge: a party wrote
	NoticeMessageReplied     NoticeKind = "message.replied"     // to the party: the court wrote
	NoticeRelativeAsked      NoticeKind = "relative.asked"      // to the officer: somebody asks to be connected
	NoticeRelativeInvited    NoticeKind = "relative.invited"    // to the debtor: somebody came by his invitation
	NoticeRelativeDecided    NoticeKind = "relative.decided"    // to the relative
	NoticeRelativeReplied    NoticeKind = "relative.replied"    // to the relative: the court wrote
	NoticeRelativeDeposit    NoticeKind = "relative.deposit"    // to the relative: what became of what he paid before the judgment
	NoticeRelativeReceipt    NoticeKind = "relative.receipt"    // to the relative: what became of his receipt
	NoticePetitionMade       NoticeKind = "petition.made"       // to the officer
	NoticePetitionAnswered   NoticeKind = "petition.answered"   // to the debtor
	NoticeRelativePetition   NoticeKind = "relative.petition"   // to the relative: his petition was answered
	NoticeDepositSubmitted   NoticeKind = "deposit.submitted"   // to the judge: money came in before a judgment
	NoticeDeposit            NoticeKind = "deposit.changed"     // to the accused's side, his defender too
	NoticeDepositVictim      NoticeKind = "deposit.victim"      // to the victims: money for restitution is with the court
	NoticeCallAsked          NoticeKind = "call.asked"          // to whoever calls: the other side asks for a call, or answered
	NoticeCallAnswered       NoticeKind = "call.answered"       // to the party
	NoticeRelativeCall       NoticeKind = "relative.call"       // to the relative
	NoticeAbsence            NoticeKind = "absence"             // to the substitute, and the officer when somebody else recorded it
	NoticeAnswerFailed       NoticeKind = "answer.failed"       // to whoever answered: what he wrote at the desk was not sent
	NoticeMessageLate        NoticeKind = "message.late"        // to the owner and the leaders: nobody answered in time
	NoticeJudgeDigest        NoticeKind = "judge.digest"        // 每日待办: one card a day for a judge

	NoticeEnforcementAssigned  NoticeKind = "enforcement.assigned"  // to the officer
	NoticeEnforcementFiled     NoticeKind = "enforcement.filed"     // to the applicant
	NoticeEnforcementNotice    NoticeKind = "enforcement.notice"    // 执行通知书, to the debtor
	NoticeEnforcementWarning   NoticeKind = "enforcement.warning"   // 预告书, to the debtor
	NoticeEnforcementPerformed NoticeKind = "enforcement.performed" // to the officer: everything is paid
	NoticeEnforcementClosed    NoticeKind = "enforcement.closed"    // to the parties
	NoticeTaskLate             NoticeKind = "task.late"             // to the owner and the leaders

	NoticePictureHidden          NoticeKind = "picture.hidden"           // to who sent a picture that was judged risky
	NoticeDutyOpened             NoticeKind = "duty.opened"              // to an agency's people: a measure began or ended
	NoticeDutyReminder           NoticeKind = "duty.reminder"            // to an agency's people; overdue also to the list managers
	NoticeDutyUnreachable        NoticeKind = "duty.unreachable"         // to the list managers: nobody there has an account
	NoticeDutyReported           NoticeKind = "duty.reported"            // to the list managers
	NoticeDutyDecided            NoticeKind = "duty.decided"             // to the agency's people
	NoticePrisonLetterRegistered NoticeKind = "prison_letter.registered" // to the judge
	NoticePrisonLetterDue        NoticeKind = "prison_letter.due"        // to the judge, before the clock ends
	NoticeQueryAddressed         NoticeKind = "query.addressed"          // to an agency's people: to answer, or taken back
	NoticeQueryAnswered          NoticeKind = "query.answered"           // to the officer
	NoticeQueryRequested         NoticeKind = "query.requested"          // to the leaders
	NoticeQueryDecided           NoticeKind = "query.decided"            // to the officer
	NoticeAssistance             NoticeKind = "assistance"               // to the liaison
	NoticeAssistanceReply        NoticeKind = "assistance.reply"         // to the officer
	NoticeDistribution           NoticeKind = "distribution.served"      // to creditors and debtor: how money is shared
	NoticeMoneyToPay             NoticeKind = "money.to_pay"             // to the officer: money of his case arrived
	NoticeCaseMoney              NoticeKind = "money.creditor"           // to the creditor: his money arrived, is delayed, was paid out
	NoticeShareReturned          NoticeKind = "distribution.returned"    // to whoever made the plan: a part of it was not confirmed
	NoticeSettlementRecorded     NoticeKind = "settlement.recorded"      // to the parties of the agreement
	NoticeSettlementBreached     NoticeKind = "settlement.breached"      // to them: a payment did not come
	NoticeSettlementPerformed    NoticeKind = "settlement.performed"     // to them: everything arrived
	NoticeSettlementResumed      NoticeKind = "settlement.resumed"       // to them: the instrument is enforced again
	NoticeReleaseProposed        NoticeKind = "release.proposed"         // to the leaders
	NoticeReleaseDecided         NoticeKind = "release.decided"          // to the parties of the agreement
	NoticeReleaseAnswered        NoticeKind = "release.answered"         // to the officer
	NoticeRepairApplied          NoticeKind = "repair.applied"           // to the officer
	NoticeRepairDecided          NoticeKind = "repair.decided"           // to the applicant
	NoticeMeasureDecided         NoticeKind = "measure.decided"          // the decision, to the debtor
	NoticeMeasureLifted          NoticeKind = "measure.lifted"           // to the debtor
	NoticeSpendingAsked          NoticeKind = "spending.asked"           // to whoever decides
	NoticeSpendingDecided        NoticeKind = "spending.decided"         // to the debtor
	NoticeMeasureReviewed        NoticeKind = "measure.reviewed"         // to the debtor: the result of his application
	NoticeMeasureProposed        NoticeKind = "measure.proposed"         // to the leaders: something to decide
	NoticeMeasureAnswered        NoticeKind = "measure.answered"         // to the officer: what the leader decided
	NoticeMeasureReviewAsked     NoticeKind = "measure.review_asked"     // to the officer
	NoticeCleanUp                NoticeKind = "clean_up.opened"          // to the debtor: what is lifted now
	NoticeCleanUpStaff           NoticeKind = "clean_up.changed"         // to officer and leaders
)

// kindOf is what the court does with notices of a kind.
type kindOf struct {
	name string
	// paper says that it is a legal paper: put on paper when nothing else reaches
	// its addressee.
	paper bool
	// untexted says that it is not worth a text message.
	untexted bool
	// staff says that it is for the court's staff, who have no outside channel but
	// their digest.
	staff bool
	// asks says that a notice to staff asks for something: it is done when that is,
	// whoever did it. Others only tell.
	asks bool
	// relative says that it is for a relative, who is told by his account and not as
	// a party.
	relative bool
	// carded says that whoever it is for gets a card although he is staff: the
	// digest, and what people in agencies have to know, who are rarely at the desk.
	carded bool
	// document is the numbered paper that goes with it, "" for none.
	document DocumentKind
}

// kinds registers every kind of notice: what it is called and how it is treated
// follows from here, for every channel.
var kinds = map[NoticeKind]kindOf{
	NoticeFiled:                  {name: "自动履行告知书", paper: true, document: DocumentPerformanceNotice},
	NoticeInstrument:             {name: "履行事项通知", paper: true},
	NoticeReceiptReceived:        {name: "已收到汇款回执", untexted: true},
	NoticeReceiptReturned:        {name: "汇款回执被退回"},
	NoticeReceiptWithdrawn:       {name: "汇款回执已撤回", untexted: true},
	NoticeReceiptConfirmed:       {name: "履行款项已确认"},
	NoticeReceiptCorrected:       {name: "履行款项已更正"},
	NoticeDebtEntered:            {name: "利息事项已登记", untexted: true},
	NoticePlanProposed:           {name: "履行和解待您确认", untexted: true},
	NoticePlanAgreed:             {name: "履行计划已变更", untexted: true},
	NoticePlanBroken:             {name: "和解款项逾期，原计划恢复", untexted: true},
	NoticePlanKept:               {name: "履行和解已履行完毕", untexted: true},
	NoticePlanEnded:              {name: "履行和解的情况", untexted: true},
	NoticePlanAnswered:           {name: "当事人对履行和解的答复", staff: true},
	NoticePartyChanged:           {name: "当事人变更", paper: true},
	NoticeObligeeAsked:           {name: "请权利人确认收款"},
	NoticeCertificateIssued:      {name: "自动履行证明书已出具"},
	NoticeCertificateRevoked:     {name: "自动履行证明书已撤销", paper: true},
	NoticeDutyReplaced:           {name: "义务由新的法律文书取代", staff: true},
	NoticeDutyChanged:            {name: "履行事项变更"},
	NoticeAccount:                {name: "收款账户的变动"},
	NoticeCaseLinked:             {name: "案件已关联到您的小程序", untexted: true},
	NoticePromise:                {name: "对方作出履行承诺"},
	NoticeCreditorSheet:          {name: "权利人须知", paper: true, document: DocumentCreditorSheet},
	NoticeDueSoon:                {name: "履行期限提醒"},
	NoticeFirstDemand:            {name: "自动履行催告书", paper: true, document: DocumentReminder},
	NoticeSecondDemand:           {name: "自动履行催告书（再次）", paper: true, document: DocumentReminder},
	NoticeCertificateApplied:     {name: "有新的证明书申请", staff: true, asks: true},
	NoticeReceiptSubmitted:       {name: "有新的汇款回执", staff: true, asks: true},
	NoticeReceiptDisputed:        {name: "权利人提出异议", staff: true, asks: true},
	NoticeReceiptRedacted:        {name: "可以查阅付款凭证", untexted: true},
	NoticeDecisionFailed:         {name: "对回执的决定没有生效", staff: true, asks: true},
	NoticeCaseHandedOver:         {name: "案件移交", staff: true},
	NoticeJudgeChanged:           {name: "承办人员变更", untexted: true},
	NoticeRelativeOfficer:        {name: "执行法官变更", relative: true, untexted: true},
	NoticeEnforcementAssigned:    {name: "新收执行案件", staff: true},
	NoticeEnforcementFiled:       {name: "执行案件已立案"},
	NoticeEnforcementNotice:      {name: "执行通知书", paper: true, document: DocumentEnforcementNotice},
	NoticeEnforcementWarning:     {name: "失信、限高及拘留（罚款）预告书", paper: true, document: DocumentEnforcementWarning},
	NoticeEnforcementPerformed:   {name: "义务已全部确认履行", staff: true, asks: true},
	NoticeEnforcementClosed:      {name: "执行案件已结案", paper: true},
	NoticeTaskLate:               {name: "办理事项已超期", staff: true, asks: true},
	NoticeJudgeDigest:            {name: "每日待办", staff: true, asks: true, untexted: true, carded: true},
	NoticePictureHidden:          {name: "图片未能显示", untexted: true},
	NoticeDutyOpened:             {name: "联合惩戒事项待落实", staff: true, asks: true, carded: true},
	NoticeDutyReminder:           {name: "责任事项到期提醒", staff: true, asks: true, carded: true},
	NoticeDutyUnreachable:        {name: "责任单位无法提醒", staff: true, asks: true},
	NoticeDutyReported:           {name: "责任单位已报送", staff: true, asks: true},
	NoticeDutyDecided:            {name: "报送审核结果", staff: true, asks: true, carded: true},
	NoticePrisonLetterRegistered: {name: "收到财产性判项公函", staff: true, asks: true},
	NoticePrisonLetterDue:        {name: "财产性判项公函即将到期", staff: true, asks: true},
	NoticeMessageAsked:           {name: "当事人留言", staff: true, asks: true},
	NoticeAbsence:                {name: "离岗代理", staff: true},
	NoticeAnswerFailed:           {name: "回复没有发出", staff: true, asks: true},
	NoticeMessageLate:            {name: "留言超过答复期限", staff: true, asks: true},
	NoticeMessageReplied:         {name: "法院回复留言", untexted: true},
	NoticeRelativeAsked:          {name: "家属申请联系", staff: true, asks: true},
	NoticeRelativeInvited:        {name: "家属接受邀请", untexted: true},
	NoticeRelativeDecided:        {name: "家属联系申请结果", relative: true, untexted: true},
	NoticeRelativeReplied:        {name: "法院回复家属留言", relative: true, untexted: true},
	NoticeRelativeDeposit:        {name: "暂存款办理情况", relative: true, untexted: true},
	NoticeRelativeReceipt:        {name: "代为履行凭证处理结果", relative: true, untexted: true},
	NoticeDepositSubmitted:       {name: "收到判决前的暂存款", staff: true, asks: true},
	NoticeDeposit:                {name: "暂存款的办理情况"},
	NoticeDepositVictim:          {name: "被告人一方已预交退赔款"},
	NoticePetitionMade:           {name: "收到悔过书或申请", staff: true, asks: true},
	NoticePetitionAnswered:       {name: "悔过书或申请的答复", untexted: true},
	NoticeRelativePetition:       {name: "申请的答复", relative: true, untexted: true},
	NoticeCallAsked:              {name: "回电预约", staff: true, asks: true},
	NoticeCallAnswered:           {name: "回电预约", untexted: true},
	NoticeRelativeCall:           {name: "回电预约", relative: true, untexted: true},
	NoticeQueryAddressed:         {name: "法院请您单位协助查询", staff: true, asks: true, carded: true},
	NoticeQueryAnswered:          {name: "责任单位已答复查询", staff: true},
	NoticeQueryRequested:         {name: "有查询待审批", staff: true, asks: true},
	NoticeQueryDecided:           {name: "查询审批结果", staff: true},
	NoticeAssistance:             {name: "法院请您协助", untexted: true},
	NoticeAssistanceReply:        {name: "联络员反馈", staff: true},
	NoticeDistribution:           {name: "财产分配方案"},
	NoticeMoneyToPay:             {name: "执行款到账通知", staff: true, asks: true},
	NoticeCaseMoney:              {name: "执行款的发放情况"},
	NoticeShareReturned:          {name: "分配款项被退回", staff: true},
	NoticeSettlementRecorded:     {name: "执行和解已记录"},
	NoticeSettlementBreached:     {name: "和解款项逾期", paper: true},
	NoticeSettlementPerformed:    {name: "执行和解已履行完毕"},
	NoticeSettlementResumed:      {name: "恢复执行原生效法律文书", paper: true},
	NoticeReleaseProposed:        {name: "解除审查待决定", staff: true, asks: true},
	NoticeReleaseDecided:         {name: "解除审查结果", paper: true},
	NoticeReleaseAnswered:        {name: "院领导已决定解除审查", staff: true},
	NoticeRepairApplied:          {name: "信用修复申请", staff: true, asks: true},
	NoticeRepairDecided:          {name: "信用修复申请结果", paper: true},
	NoticeMeasureDecided:         {name: "法院决定书", paper: true},
	NoticeSpendingAsked:          {name: "消费申请", staff: true, asks: true},
	NoticeSpendingDecided:        {name: "消费申请的结果", paper: true},
	NoticeMeasureLifted:          {name: "措施已解除", paper: true},
	NoticeMeasureReviewed:        {name: "救济申请的结果", paper: true},
	NoticeMeasureProposed:        {name: "强制措施待批准", staff: true, asks: true},
	NoticeMeasureAnswered:        {name: "院领导已作出决定", staff: true},
	NoticeMeasureReviewAsked:     {name: "收到救济申请", staff: true, asks: true},
	NoticeCleanUp:                {name: "正在解除有关措施"},
	NoticeCleanUpStaff:           {name: "履行后清理有变化", staff: true},
}

// Chinese is the kind's name, "" for one that is not registered.
func (k NoticeKind) Chinese() string { return kinds[k].name }

// IsPaper tells whether notices of the kind are legal papers, which are put on
// paper when nothing else reaches their addressee.
func (k NoticeKind) IsPaper() bool { return kinds[k].paper }

// WorthText tells whether a notice of the kind is worth a text message.
func (k NoticeKind) WorthText() bool {
	return kinds[k].name != "" && !kinds[k].untexted && !kinds[k].staff
}

// ForRelatives tells whether notices of the kind are for relatives.
func (k NoticeKind) ForRelatives() bool { return kinds[k].relative }

// Asks tells whether notices of the kind ask for something of the thing that they
// speak of.
func (k NoticeKind) Asks() bool { return kinds[k].asks }

// Carded tells whether staff get cards about notices of the kind.
func (k NoticeKind) Carded() bool { return kinds[k].carded }

// Document is the numbered paper that goes with notices of the kind, "" for none.
func (k NoticeKind) Document() DocumentKind { return kinds[k].document }

// NoticeKinds lists the registered kinds in order.
func NoticeKinds() []NoticeKind { return slices.Sorted(maps.Keys(kinds)) }

// Notice is one message in the in-app inbox: the record to which every other
// channel only points. It is for a party (whoever is or becomes bound to it)
// or for a staff user.
type Notice struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64 // 0 when for a staff user
	UserID    int64 // 0 when for a party
	Kind      NoticeKind
	DedupeKey string // unique: the same event never makes two notices
	Number    string // document number, "" for plain messages
	Title     string
	Body      string // plain text, paragraphs separated by newlines
	Page      string // mini-program page to open, without leading slash
	// CheckCode stands on every card and text message, so that a person can check
	// in the mini-program or on the public page that it came from the court.
	CheckCode string
	// Card is what an outside card can show besides its kind, time and check code; see
	// CardOf.
	Card    map[string]string `gorm:"serializer:json"`
	LegalBy Date              // the day on which it must have arrived, zero when none
	// Subject is what a notice to staff speaks of, and leads to. One that asks for
	// something (NoticeKind.Asks) is done when that is done, by whomever.
	Subject   Thing `gorm:"embedded;embeddedPrefix:subject_"`
	CreatedAt time.Time
	// responsible is who answers for what it speaks of, where that is known; see About.
	responsible Responsible
}

// CardAt is when a card about the notice may leave: at once, or at the end of
// the quiet hours. A message that would come after the day on which it had to
// arrive does not wait.
func (n Notice) CardAt(quiet QuietHours, now time.Time) time.Time {
	at := quiet.After(now)
	if !n.LegalBy.IsZero() && DateOf(at).After(n.LegalBy) {
		return now
	}
	return at
}

// NoticeRead is when a user opened a notice.
type NoticeRead struct {
	NoticeID int64 `gorm:"primaryKey;autoIncrement:false"`
	UserID   int64 `gorm:"primaryKey;autoIncrement:false"`
	ReadAt   time.Time
}

// OutboxState is how far an outside message has come.
type OutboxState string

// The states of an outbox message. Accepted by WeChat is not delivered.
const (
	OutboxQueued      OutboxState = "queued"
	OutboxSending     OutboxState = "sending"     // leased by a worker
	OutboxAccepted    OutboxState = "accepted"    // errcode 0
	OutboxNoConsent   OutboxState = "no_consent"  // 43101 and the like: a normal outcome
	OutboxUnreachable OutboxState = "unreachable" // openid gone
	OutboxInvalid     OutboxState = "invalid"     // our mapping or configuration is wrong
	OutboxUnknown     OutboxState = "unknown"     // sent, the answer was lost: never sent again blindly
	OutboxExpired     OutboxState = "expired"     // the deadline passed before it could be sent
	OutboxSkipped     OutboxState = "skipped"     // the court has no card for this kind; the inbox has the notice
	OutboxFailed      OutboxState = "failed"      // accepted, and then the channel reported that it did not arrive
)

// Chinese says the state in words, with what it means for the addressee.
func (s OutboxState) Chinese() string {
	return map[OutboxState]string{
		OutboxQueued: "等待发送", OutboxSending: "正在发送", OutboxAccepted: "渠道已接收", OutboxNoConsent: "对方未允许接收或已用完授权",
		OutboxUnreachable: "该渠道联系不到对方", OutboxInvalid: "模板或内容不符合渠道要求", OutboxUnknown: "已发出但未收到答复，是否送到不能确定",
		OutboxExpired: "超过期限未能发出", OutboxSkipped: "本院该类消息未开通此渠道",
		OutboxFailed: "渠道接收后告知未能送到",
	}[s]
}

// OutboxMessage is one message to one person over one outside channel,
// written in the transaction of the event that it tells of.
type OutboxMessage struct {
	ID       int64
	CourtID  int64
	NoticeID int64
	Channel  ChannelName
	UserID   int64 // 0 for a party that nobody is bound to
	PartyID  int64 // whose phone number a text message uses
	State    OutboxState
	Attempts int
	NextAt   time.Time
	Deadline time.Time
	// ActiveUser is the user while a worker sends to him: unique, so that nobody
	// is sent two at a time, whichever instance has them (43108).
	ActiveUser *int64
	LeaseOwner string
	LeaseUntil *time.Time
	LastCode   int
	LastError  string // classification only, never personal data
	MessageID  string
	TemplateID string // of the card that was sent
	// DeliveredAt is when the channel says that it reached the phone: more than
	// accepted.
	DeliveredAt   *time.Time
	DeliveryError string
	// DueAt is the first moment at which it might go: when it was made, or the end
	// of the court's quiet hours. AcceptedAt is when the channel took it.
	DueAt      *time.Time
	AcceptedAt *time.Time
	// AskAt is when the channel is asked next what became of it; nil for a channel
	// that tells by itself, and when it is known.
	AskAt     *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table of outbox messages.
func (OutboxMessage) TableName() string { return "outbox" }
